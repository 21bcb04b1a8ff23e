import { effect, untracked } from "@preact/signals";
import { followHistory, openId } from "./address.ts";
import { isSignedOut, streamUrl } from "./api.ts";
import { followListing } from "./cursor.ts";
import { followOpen, receiveDetail, refreshDetail } from "./detail.ts";
import { followStream } from "./live.ts";
import { followWidth } from "./narrow.ts";
import { counts, followFilters, loadQueue, receiveItems, settle } from "./queue.ts";
import { followRange, loadGrid, refreshReports } from "./reports.ts";
import { canReadReports } from "./session.ts";
import { need, refreshSummary } from "./summary.ts";

const reportsEveryMs = 60_000;

function followLive(): () => void {
  return followStream(() => new EventSource(streamUrl), {
    onItems(items) {
      receiveDetail(items);
      receiveItems(items);
      refreshSummary();
      if (canReadReports.value) refreshReports();
    },
    onCounts(next) {
      counts.value = next;
      refreshSummary();
    },
    onGap() {
      void loadQueue();
      refreshSummary();
      refreshDetail();
      if (canReadReports.value) refreshReports();
    },
  });
}

/** The number that needs a person stands in the tab, in sight while another page is open. */
function followTitle(): () => void {
  return effect(() => {
    const waiting = isSignedOut.value ? 0 : (need.value?.total ?? 0);
    document.title = waiting > 0 ? `(${waiting}) Quietwatch` : "Quietwatch";
  });
}

function followReports(): () => void {
  if (!canReadReports.value) return () => {};
  const stop = followRange();
  void loadGrid();
  const timer = setInterval(refreshReports, reportsEveryMs);
  return () => {
    stop();
    clearInterval(timer);
  };
}

/** Starts everything that follows something else, once the person is known. */
export function start(): () => void {
  followHistory();
  followWidth();
  refreshSummary();
  const stops = [
    followListing(),
    followFilters(),
    followOpen(),
    followReports(),
    followTitle(),
    followLive(),
    effect(() => {
      if (openId.value === null) untracked(settle);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
