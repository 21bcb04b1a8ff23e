import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readMe } from "../../../extension/lib/api.ts";
import { OfflineError, RefusedError, SignInError, StaleError } from "../../../extension/lib/failures.ts";
import { backgroundRooms } from "../background-rooms.ts";
import { type Answer, type Received, type StandIn, standIn } from "../stand-in-server.ts";

let server: StandIn;
let take: (received: Received) => Answer;
let rooms: ReturnType<typeof backgroundRooms>;

const me = { id: "p1", name: "Robin" };
const refused: Answer = { status: 401, body: { error: { code: "x", message: "Ended.", requestId: "r" } } };

beforeEach(async () => {
  take = () => ({ status: 200, body: me });
  server = await standIn((received) => take(received));
  rooms = backgroundRooms(server.url, { refreshToken: "refresh-1" });
});
afterEach(() => server.close());

function renewing(received: Received): Answer {
  if (received.path === "/auth/token") {
    const body = {
      access_token: "access-2",
      token_type: "Bearer",
      expires_in: 3_600,
      refresh_token: "refresh-2",
    };
    return { status: 200, body };
  }
  return received.token === "Bearer access-2" ? { status: 200, body: me } : refused;
}

describe("an authorized call", () => {
  it("carries the access token and never a cookie", async () => {
    await rooms.session.authorized(readMe);
    expect(server.received).toMatchObject([{ token: "Bearer access-1" }]);
    expect(server.received[0]?.cookie).toBeUndefined();
  });

  it("renews once for all callers when the token is no longer taken", async () => {
    take = renewing;
    await Promise.all([rooms.session.authorized(readMe), rooms.session.authorized(readMe)]);
    expect(server.received.filter(({ path }) => path === "/auth/token")).toHaveLength(1);
    expect(rooms.local.held.refreshToken).toBe("refresh-2");
    expect(rooms.values.held.access?.token).toBe("access-2");
  });

  it("renews a token that is about to end before it is refused", async () => {
    take = renewing;
    rooms.clock.now += 3_600_000 - 30_000;
    await rooms.session.authorized(readMe);
    expect(server.received.map(({ path }) => path)).toEqual(["/auth/token", "/me"]);
  });

  it("ends the sign-in when the refresh token is no longer good", async () => {
    take = ({ path }) =>
      path === "/auth/token" ? { status: 400, body: { error: "invalid_grant" } } : refused;
    await expect(rooms.session.authorized(readMe)).rejects.toThrow(SignInError);
    expect(rooms.local.held.refreshToken).toBeUndefined();
    expect(await rooms.session.isSignedIn()).toBe(false);
  });

  it("keeps the sign-in when the server is only away", async () => {
    take = ({ path }) => (path === "/auth/token" ? { status: 503 } : refused);
    await expect(rooms.session.authorized(readMe)).rejects.toThrow(OfflineError);
    expect(rooms.local.held.refreshToken).toBe("refresh-1");
  });

  it.each([
    [500, OfflineError],
    [503, OfflineError],
    [429, OfflineError],
    [409, StaleError],
    [403, RefusedError],
    [422, RefusedError],
  ])("says what a %i means", async (status, kind) => {
    take = () => ({ status });
    await expect(rooms.session.authorized(readMe)).rejects.toThrow(kind);
  });

  it("hears how long an overloaded server wants to be left alone", async () => {
    take = () => ({ status: 503, headers: { "retry-after": "7" } });
    await expect(rooms.session.authorized(readMe)).rejects.toMatchObject({
      retryAfterMs: 7_000,
      reached: true,
    });
  });
});

describe("signing out", () => {
  it("revokes the refresh token and forgets both", async () => {
    await rooms.session.signOut();
    expect(server.received).toMatchObject([{ path: "/auth/revoke", body: { token: "refresh-1" } }]);
    expect(await rooms.session.isSignedIn()).toBe(false);
  });

  it("works without the server", async () => {
    await server.close();
    await rooms.session.signOut();
    expect(await rooms.session.isSignedIn()).toBe(false);
  });
});
