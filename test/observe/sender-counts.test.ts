import { describe, expect, it } from "vitest";
import { createObserve } from "../../server/observe/observe.ts";
import { createSenderCounts, mostSenders, senderChanges } from "../../server/observe/sender-counts.ts";

const actor = (id: string, name = id) => ({ id, name, environments: null, services: null });

describe("counts of senders", () => {
  it("are one for a sender and format, however often they are asked for", () => {
    const counts = createSenderCounts();
    expect(counts.of(actor("a"), "wazuh")).toBe(counts.of(actor("a"), "wazuh"));
    expect(counts.of(actor("a"), "wazuh")).not.toBe(counts.of(actor("a"), "alert"));
    expect(counts.of(actor("b"), "wazuh")).not.toBe(counts.of(actor("a"), "wazuh"));
  });

  it("are bounded: what is beyond is one other, and those who were there keep theirs", () => {
    const counts = createSenderCounts();
    for (let i = 0; i < 10_000; i += 1) counts.of(actor(`sender-${i}`), "alert").requests += 1;
    for (let i = 0; i < 10_000; i += 1) counts.of(actor("sender-0"), `format-${i}`).requests += 1;
    const all = [...counts.all()];
    expect(new Set(all.map((one) => one.actor.id)).size).toBe(mostSenders + 1);
    expect(all.length).toBeLessThan(mostSenders + 120);
    expect(counts.of(actor("another"), "alert").actor.name).toBe("other");
    expect(counts.of(actor("sender-1"), "alert").actor.name).toBe("sender-1");
    expect(all.reduce((sum, { requests }) => sum + requests, 0)).toBe(20_000);
  });

  it("tell each change once, to everyone who follows", () => {
    const counts = createSenderCounts();
    const [one, other] = [senderChanges(counts), senderChanges(counts)];
    const count = counts.of(actor("a"), "alert");
    count.requests += 1;
    count.accepted += 5;
    expect(one().map(({ since }) => since)).toMatchObject([{ requests: 1, accepted: 5, bytes: 0 }]);
    count.requests += 2;
    count.bytes += 7;
    expect(one().map(({ since }) => since)).toMatchObject([{ requests: 2, accepted: 0, bytes: 7 }]);
    expect(one()).toEqual([]);
    expect(other().map(({ since }) => since)).toMatchObject([{ requests: 3, accepted: 5, bytes: 7 }]);
  });
});

describe("what is exposed", () => {
  it("adds up senders of one name, and escapes whatever a name holds", async () => {
    const { senders, registry } = createObserve();
    senders.of(actor("1", 'an "odd"\nname'), "alert").accepted += 2;
    senders.of(actor("2", 'an "odd"\nname'), "alert").accepted += 3;
    expect(await registry.getSingleMetricAsString("quietwatch_alerts_accepted_total")).toContain(
      '{sender="an \\"odd\\"\\nname",format="alert"} 5',
    );
  });

  it("is the same when it is asked for twice", async () => {
    const { senders, requests, rejects, committed, turned, registry } = createObserve();
    senders.of(actor("1"), "alert").received += 2;
    requests.answered("intake", 503);
    rejects.alert("alert", "invalid_alert");
    committed({ seconds: 0.003, requests: 2, alerts: 9, rawBytes: 900, bytes: 90 });
    turned({ seconds: 0.02, alerts: 9, created: 4 });
    const text = await registry.metrics();
    expect(await registry.metrics()).toBe(text);
    for (const line of [
      "quietwatch_overload_answers_total 1",
      'quietwatch_http_requests_total{route_class="intake",status="503"} 1',
      'quietwatch_triaged_alerts_total{result="new_group"} 4',
      'quietwatch_triaged_alerts_total{result="folded"} 5',
      "quietwatch_log_stored_bytes_total 90",
      'quietwatch_commit_duration_seconds_bucket{le="0.002"} 0',
      'quietwatch_commit_duration_seconds_bucket{le="0.005"} 1',
    ]) {
      expect(text.split("\n")).toContain(line);
    }
  });

  it("a probe that says the store is away is no overload", async () => {
    const { requests, registry } = createObserve();
    requests.answered("health", 503);
    expect(await registry.getSingleMetricAsString("quietwatch_overload_answers_total")).toMatch(/ 0$/m);
  });
});
