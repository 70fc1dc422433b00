import type { Logger } from 'pino';
import { lowestIdAt, madeAt, type Id } from '../../platform/ids.ts';
import { keepTrying, pause } from '../../platform/messaging/keep-trying.ts';
import {
  comparePositions,
  REPLAY_COUNT,
  RETENTION_MS,
  type LogPlace,
} from '../../platform/live-log/live-log.ts';
import type { LiveReader } from '../../platform/live-log/live-reader.ts';
import { bucketOf } from './buckets.ts';
import { unknownPlace } from './cursors.ts';
import { deliveryLatency } from './delivery-latency.ts';
import type { HomeTimeline } from './home-timeline.ts';
import { happeningsOf, type Happening, type LiveEvent, type LiveEventOf } from './live-event.ts';
import type { Announcement, LiveLog } from './live-log.ts';
import type { LiveReceipts } from './live-receipts.ts';
import { LiveStream } from './live-stream.ts';
import type { Verdict, VisibilityGate } from './visibility-gate.ts';

/** Opens streams, and brings them what the live logs announce. */
export interface LiveHome {
  /** Everything behind `after`, first what was missed and then live; null: from now on. Never ends by itself. */
  open(viewerId: Id, after: LogPlace | null): LiveStream;
  viewersIn(bucket: number): Id[];
  /** For the reader of the logs. Resolves when the streams have it. */
  announce(byBucket: Map<number, Announcement[]>): Promise<void>;
  lose(bucket: number, sinceMs: number, place: LogPlace): void;
  stop(): void;
}

export interface LiveHomeDeps {
  liveLog: LiveLog;
  reader: () => Pick<LiveReader, 'follow' | 'unfollow'>;
  gate: VisibilityGate;
  timeline: HomeTimeline;
  receipts: Pick<LiveReceipts, 'saw'>;
  now: () => number;
  log: Logger;
}

/**
 * A stream while it is open. Until it has caught up, what is announced live waits in `backlog`, so that nothing falls
 * between the replay and the live announcements; what both have is told from its position.
 */
interface Listener {
  viewerId: Id;
  stream: LiveStream;
  /** Behind which announcement it stands; null until the log answered. */
  place: LogPlace | null;
  backlog: Announcement[] | null;
}

/** Far more than come at once, unless the reader fell behind. */
const JUDGED_AT_ONCE = 2000;

const RETRY_MS = 300;
const patience = { firstPauseMs: 100, longestPauseMs: 2000 };

/**
 * How much older than its announcement an entry may be: the longest write, 60 s, and a fan-out that lags. What is newer
 * may have been on its way when a gap began.
 */
const MOST_ON_THE_WAY_MS = 5 * 60 * 1000;

export function createLiveHome(deps: LiveHomeDeps): LiveHome {
  const { liveLog, reader, gate, timeline, receipts, now, log } = deps;
  const buckets = new Map<number, Set<Listener>>();
  const stopping = new AbortController();

  const open = (viewerId: Id, after: LogPlace | null): LiveStream => {
    const bucket = bucketOf(viewerId);
    const stream = new LiveStream({
      fill: async (gap) => ({ ...gap, before: await newestBefore(viewerId, gap.sinceMs) }),
      judge: judgeAgain,
      onEnd: () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        buckets.delete(bucket);
        reader().unfollow(bucket);
      },
    });
    const listener: Listener = { viewerId, stream, place: after, backlog: [] };
    const listeners = buckets.get(bucket) ?? new Set();
    buckets.set(bucket, listeners.add(listener));
    void begin(listener, bucket);
    return stream;
  };

  /** Tries until the log answers. What is announced meanwhile is missed only if the log itself is lost. */
  async function begin(listener: Listener, bucket: number): Promise<void> {
    const isOpen = () => buckets.get(bucket)?.has(listener) === true;
    while (isOpen()) {
      try {
        const place = await liveLog.attend(bucket, [listener.viewerId]);
        if (!isOpen()) return;
        reader().follow(bucket, place);
        listener.place ??= place;
        await catchUp(listener, bucket, place, isOpen);
        return;
      } catch (err) {
        log.debug({ err }, 'a stream waits for its log');
        // It was to begin about now: if the log is another one by then, that is a gap.
        listener.place ??= unknownPlace(now());
        await pause(RETRY_MS, stopping.signal);
      }
    }
  }

  async function catchUp(
    listener: Listener,
    bucket: number,
    current: LogPlace,
    isOpen: () => boolean,
  ): Promise<void> {
    const from = listener.place ?? current;
    if (from.epoch !== current.epoch || current.atMs - from.atMs > RETENTION_MS) {
      tellGap(listener, from.atMs, current);
    }
    for (;;) {
      const position = listener.place?.position ?? current.position;
      const missed = await liveLog.replay(bucket, position);
      await tell([{ listener, announcements: missed }]);
      if (missed.length < REPLAY_COUNT || !isOpen()) break;
    }
    while (listener.backlog !== null && listener.backlog.length > 0) {
      const announcements = listener.backlog.splice(0);
      await tell([{ listener, announcements }]);
    }
    listener.backlog = null;
  }

  const announce = async (byBucket: Map<number, Announcement[]>): Promise<void> => {
    const live: Telling[] = [];
    for (const [bucket, announcements] of byBucket) {
      for (const listener of buckets.get(bucket) ?? []) {
        if (listener.backlog === null) live.push({ listener, announcements });
        else listener.backlog.push(...announcements);
      }
    }
    await tell(live);
  };

  interface Telling {
    listener: Listener;
    announcements: readonly Announcement[];
  }

  /** All at once through the gate, which is asked until it answers: a stream rather waits than misses something. */
  async function tell(tellings: Telling[]): Promise<void> {
    const own = tellings.map(({ listener, announcements }) => ({
      listener,
      announcements: announcements.filter((each) => concerns(each, listener)),
      last: announcements.at(-1)?.position,
    }));
    const sightings = own.flatMap(({ listener: { viewerId }, announcements }) =>
      announcements.flatMap((each) =>
        each.kind === 'added' || each.kind === 'removed'
          ? [{ viewerId, entryId: each.entryId, tweetId: each.tweetId }]
          : [],
      ),
    );
    const verdicts: Verdict[] = [];
    for (let from = 0; from < sightings.length; from += JUDGED_AT_ONCE) {
      const some = sightings.slice(from, from + JUDGED_AT_ONCE);
      await keepTrying(
        async () => void verdicts.push(...(await gate.judge(some))),
        { ...patience, signal: stopping.signal },
        (err) => log.warn({ err }, 'streams wait for postgres'),
      );
    }
    if (stopping.signal.aborted) return;
    const byViewer = Map.groupBy(verdicts, ({ viewerId }) => viewerId);
    for (const { listener, announcements, last } of own) {
      if (announcements.length > 0) {
        push(listener, announcements, happeningsOf(announcements, byViewer.get(listener.viewerId) ?? []));
      }
      advance(listener, last);
    }
  }

  async function judgeAgain(event: LiveEventOf<'added'>): Promise<LiveEvent> {
    let passing = new Set<Id>();
    await keepTrying(
      async () => {
        const ids = event.entries.map(({ id }) => id);
        passing = new Set((await gate.pass(event.viewerId, ids)).entries.map(({ id }) => id));
      },
      { ...patience, signal: stopping.signal },
      (err) => log.warn({ err }, 'streams wait for postgres'),
    );
    const entries = event.entries.filter(({ id }) => passing.has(id));
    return entries.length > 0 ? { ...event, entries } : { ...event, kind: 'removed' };
  }

  function push(listener: Listener, announcements: readonly Announcement[], happenings: Happening[]): void {
    const before = listener.place;
    const [first] = announcements;
    if (before === null || first === undefined) return;
    const behind = { ...before, position: announcements.at(-1)?.position ?? before.position, atMs: now() };
    happenings.forEach((happening, at) => {
      // Only behind the last of them is everything told; resuming behind another tells the rest again.
      const place = at === happenings.length - 1 ? behind : { ...before, atMs: now() };
      listener.stream.push(
        { viewerId: listener.viewerId, place, ...happening },
        Number(first.position.split('-')[0]),
      );
    });
    if (listener.backlog === null) measure(listener.viewerId, announcements, happenings);
  }

  /** Replays are not measured: these wait for the reader. */
  function measure(viewerId: Id, announcements: readonly Announcement[], happenings: Happening[]): void {
    const news = new Set(announcements.flatMap((each) => (each.kind === 'added' ? [each.entryId] : [])));
    const told = happenings.flatMap((each) => (each.kind === 'added' ? each.entries : []));
    for (const { id, tweetId, authorId } of told) {
      if (!news.has(id)) continue;
      deliveryLatency.observe((now() - madeAt(id)) / 1000);
      if (id === tweetId && authorId !== viewerId) receipts.saw(viewerId, tweetId);
    }
  }

  function advance(listener: Listener, position: string | undefined): void {
    const { place } = listener;
    if (place === null || position === undefined || comparePositions(position, place.position) <= 0) return;
    listener.place = { ...place, position, atMs: now() };
  }

  function tellGap(listener: Listener, sinceMs: number, place: LogPlace): void {
    const { viewerId, stream } = listener;
    listener.place = place;
    stream.push({ viewerId, place, kind: 'gap', sinceMs, untilMs: place.atMs, before: null }, sinceMs);
  }

  async function newestBefore(viewerId: Id, sinceMs: number): Promise<Id | null> {
    const olderThan = lowestIdAt(sinceMs - MOST_ON_THE_WAY_MS);
    try {
      const stretch = { direction: 'down', newerThan: '0', olderThan, limit: 1 } as const;
      const { entries } = await timeline.read(viewerId, stretch);
      return entries[0]?.id ?? null;
    } catch (err) {
      // Without it the gap reaches to the end, and the client asks again for all it shows.
      log.warn({ err }, 'the end of a gap is unknown');
      return null;
    }
  }

  return {
    open,
    announce,
    viewersIn: (bucket) => [...new Set([...(buckets.get(bucket) ?? [])].map(({ viewerId }) => viewerId))],
    lose: (bucket, sinceMs, place) => {
      for (const listener of buckets.get(bucket) ?? []) {
        // One that still catches up has its own place to compare, when it asks again.
        if (listener.backlog === null) tellGap(listener, sinceMs, place);
        else if (listener.place?.epoch !== place.epoch)
          tellGap(listener, listener.place?.atMs ?? sinceMs, place);
      }
    },
    stop: () => {
      stopping.abort();
      for (const listeners of buckets.values()) for (const { stream } of listeners) stream.end();
    },
  };
}

const concerns = (announcement: Announcement, { viewerId, place }: Listener): boolean =>
  'viewerIds' in announcement &&
  announcement.viewerIds.includes(viewerId) &&
  (place === null || comparePositions(announcement.position, place.position) > 0);
