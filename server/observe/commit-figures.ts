import { Histogram, type Registry } from "prom-client";
import { lazyTotal } from "./lazy-counter.ts";

export interface Commit {
  /** To pack it and until the store said that it has it. */
  seconds: number;
  requests: number;
  /** Places, rejected alerts included. */
  alerts: number;
  /** Bodies and their headers before compression, and what the log holds of them. */
  rawBytes: number;
  bytes: number;
}

/** What is said of commits to the log. */
export function createCommitFigures(registry: Registry): (commit: Commit) => void {
  const registers = [registry];
  const duration = new Histogram({
    name: "quietwatch_commit_duration_seconds",
    help: "Time to pack and commit one chunk of waiting requests to the log",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const chunkAlerts = new Histogram({
    name: "quietwatch_chunk_alerts",
    help: "Alerts in one chunk of the log",
    buckets: [1, 5, 20, 50, 200, 500, 2_000, 5_000, 20_000, 50_000, 200_000],
    registers,
  });
  const chunkBytes = new Histogram({
    name: "quietwatch_chunk_bytes",
    help: "Compressed size of one chunk of the log",
    buckets: [256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304],
    registers,
  });
  let requests = 0;
  let raw = 0;
  let stored = 0;
  lazyTotal(registry, "quietwatch_committed_requests_total", "Requests committed to the log", () => requests);
  lazyTotal(registry, "quietwatch_log_raw_bytes_total", "Bytes put into the log, unpacked", () => raw);
  lazyTotal(
    registry,
    "quietwatch_log_stored_bytes_total",
    "Bytes put into the log, compressed",
    () => stored,
  );
  return (commit) => {
    duration.observe(commit.seconds);
    chunkAlerts.observe(commit.alerts);
    chunkBytes.observe(commit.bytes);
    requests += commit.requests;
    raw += commit.rawBytes;
    stored += commit.bytes;
  };
}
