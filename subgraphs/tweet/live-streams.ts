import type { Logger } from 'pino';
import type { Id } from '../../platform/ids.ts';
import type { GapStream } from '../../platform/live-log/gap-stream.ts';
import { RETENTION_MS, type LogPlace } from '../../platform/live-log/live-log.ts';
import type { LiveReader } from '../../platform/live-log/live-reader.ts';
import { keepTrying, pause } from '../../platform/messaging/keep-trying.ts';
import type { CardStore } from './card-store.ts';
import { ConversationListener } from './live-conversation.ts';
import type { LiveEvent } from './live-event.ts';
import type { LiveGate, Sight, Sighting } from './live-gate.ts';
import type { Finding, Listener, ListenerOptions, Showing, Waiting } from './live-listener.ts';
import { BUCKET, type Announcement, type TweetLog } from './live-log.ts';
import { TweetListener } from './live-tweets.ts';

/** Opens streams of tweets and conversations, and brings them what the live log announces. */
export interface LiveStreams {
  /** Begins with the present counts; behind `after`, with those of what changed since. Never ends by itself. */
  tweets(viewerId: Id | null, ids: ReadonlySet<Id>, after: LogPlace | null): GapStream<LiveEvent>;
  /** Begins behind `after`; null: from now on. Never ends by itself. */
  conversation(viewerId: Id | null, tweetId: Id, after: LogPlace | null): GapStream<LiveEvent>;
  /** For the reader of the log. */
  announce(byBucket: Map<number, Announcement[]>): Promise<void>;
  lose(bucket: number, sinceMs: number, place: LogPlace): void;
  stop(): void;
}

export interface LiveStreamsDeps {
  tweetLog: TweetLog;
  reader: () => Pick<LiveReader, 'follow' | 'unfollow'>;
  gate: LiveGate;
  countsOf: CardStore['countsOf'];
  now: () => number;
  log: Logger;
}

/** Far more than come at once, unless Postgres was away. */
const JUDGED_AT_ONCE = 1000;

const RETRY_MS = 300;
const patience = { firstPauseMs: 100, longestPauseMs: 2000 };

interface InHand {
  listener: Listener;
  waiting: Waiting;
}

export function createLiveStreams(deps: LiveStreamsDeps): LiveStreams {
  const { tweetLog, reader, gate, countsOf, now, log } = deps;
  const listeners = new Set<Listener>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isTelling = false;
  let lastLoss: Loss | null = null;

  function open(listener: Listener, after: LogPlace | null): GapStream<LiveEvent> {
    listeners.add(listener);
    void begin(listener, after);
    return listener.stream;
  }

  function leave(listener: Listener): void {
    listeners.delete(listener);
    if (listeners.size === 0) reader().unfollow(BUCKET);
  }

  /** Tries until the log answers. */
  async function begin(listener: Listener, after: LogPlace | null): Promise<void> {
    const wantedAtMs = after?.atMs ?? now();
    let isBlind = false;
    while (listeners.has(listener)) {
      const lossBefore = lastLoss;
      try {
        const place = await tweetLog.attend(BUCKET, []);
        if (!listeners.has(listener)) return;
        reader().follow(BUCKET, place);
        await keepTrying(
          () => listener.prepare(gate),
          { ...patience, signal: stopping.signal },
          (err) => log.warn({ err }, 'streams wait for postgres'),
        );
        const isReplayable =
          after !== null && after.epoch === place.epoch && place.atMs - after.atMs <= RETENTION_MS;
        const missed = isReplayable && !isBlind ? await listener.missed(tweetLog, after, place) : null;
        const loss = lastLoss === lossBefore ? null : lastLoss;
        if (loss !== null && concerns(loss, place)) listener.lose(wantedAtMs, loss.place);
        else if (after !== null && missed !== null) listener.begin(place, { after, missed });
        else if (after !== null || isBlind) listener.lose(wantedAtMs, place);
        else listener.begin(place, null);
        plan();
        return;
      } catch (err) {
        log.debug({ err }, 'a stream waits for its log');
        if (!isBlind) listener.beginWithoutLog();
        isBlind = true;
        plan();
        await pause(RETRY_MS, stopping.signal);
      }
    }
  }

  /** Has what is due next told then. */
  function plan(): void {
    clearTimeout(timer);
    if (isTelling || stopping.signal.aborted) return;
    let next = Infinity;
    for (const { nextMs } of listeners) next = Math.min(next, nextMs ?? Infinity);
    if (next < Infinity) timer = setTimeout(() => void tellAll(), Math.max(0, next - now()));
  }

  /** What is due to all streams goes together: a stream rather waits for Postgres than misses something. */
  async function tellAll(): Promise<void> {
    isTelling = true;
    const dueMs = now();
    const due = [...listeners].flatMap((listener) =>
      listener.take(dueMs).map((waiting) => ({ listener, waiting })),
    );
    for (let from = 0; from < due.length; from += JUDGED_AT_ONCE) {
      const some = due.slice(from, from + JUDGED_AT_ONCE);
      await keepTrying(
        async () => {
          const findings = await lookUp(some);
          some.forEach(({ listener, waiting }, at) => {
            const finding = findings[at];
            if (finding !== undefined) listener.tell(waiting, finding);
          });
        },
        { ...patience, signal: stopping.signal },
        (err) => log.warn({ err }, 'streams wait for postgres'),
      );
    }
    isTelling = false;
    plan();
  }

  async function lookUp(asked: InHand[]): Promise<Finding[]> {
    const seenBy = await judgeEach(
      asked.flatMap(({ listener: { viewerId, rootId }, waiting: { tweetId } }) =>
        [tweetId, rootId ?? tweetId].map((id) => ({ viewerId, tweetId: id })),
      ),
    );
    const sights = asked.map(({ listener, waiting }) => seenBy(listener.viewerId, waiting.tweetId));
    const counted = [...new Set(sights.flatMap((sight) => (sight === null ? [] : [sight.id])))];
    const counts = await countsOf(counted);
    const countsById = new Map(counted.map((id, at) => [id, counts[at]]));

    const places = asked.map(({ listener: { rootId }, waiting: { tweetId } }, at) => {
      const isSure = rootId === null || tweetId === rootId || sights[at]?.conversationId === rootId;
      return isSure ? null : { tweetId, rootId };
    });
    const unsure = places.filter((place) => place !== null);
    const below = unsure.length === 0 ? [] : await gate.areBelow(unsure);
    const isBelow = new Map(unsure.map((place, at) => [place, below[at] === true]));

    return asked.map(({ listener: { viewerId, rootId }, waiting: { tweetId } }, at) => {
      const place = places[at] ?? null;
      // Of what is below a hidden tweet nothing is told: it is as if it never was.
      const isHidden = rootId !== null && seenBy(viewerId, rootId) === null;
      return {
        sight: sights[at] ?? null,
        counts: countsById.get(tweetId) ?? NONE,
        isBelow: !isHidden && (place === null || isBelow.get(place) === true),
      };
    });
  }

  /** As when it came: gone, hidden, or below a tweet that is hidden, it is no longer to be seen. */
  async function judgeAgain({ viewerId, rootId }: Listener, event: Showing): Promise<LiveEvent> {
    const { place, tweet } = event;
    let sights: (Sight | null)[] = [];
    await keepTrying(
      async () => {
        sights = await gate.judge([tweet.id, rootId ?? tweet.id].map((tweetId) => ({ viewerId, tweetId })));
      },
      { ...patience, signal: stopping.signal },
      (err) => log.warn({ err }, 'streams wait for postgres'),
    );
    const [sight = null, root = null] = sights;
    if (sight === null || sight.isGone || root === null) return { kind: 'removed', place, tweetId: tweet.id };
    return { ...event, tweet: sight };
  }

  /** Each once: those who are signed out are one viewer, however many they are. */
  async function judgeEach(sightings: Sighting[]) {
    const keyOf = ({ viewerId, tweetId }: Sighting) => `${viewerId} ${tweetId}`;
    const unique = [...new Map(sightings.map((each) => [keyOf(each), each])).values()];
    const sights = await gate.judge(unique);
    const found = new Map(unique.map((each, at) => [keyOf(each), sights[at] ?? null]));
    return (viewerId: Id | null, tweetId: Id) => found.get(keyOf({ viewerId, tweetId })) ?? null;
  }

  const optionsOf = (listener: () => Listener): ListenerOptions => ({
    now,
    judge: (event) => judgeAgain(listener(), event),
    onEnd: () => leave(listener()),
  });

  return {
    tweets: (viewerId, ids, after) => {
      const listener: Listener = new TweetListener(
        viewerId,
        ids,
        optionsOf(() => listener),
      );
      return open(listener, after);
    },
    conversation: (viewerId, tweetId, after) => {
      const listener: Listener = new ConversationListener(
        viewerId,
        tweetId,
        optionsOf(() => listener),
      );
      return open(listener, after);
    },
    announce: (byBucket) => {
      for (const announcements of byBucket.values()) {
        for (const listener of listeners) listener.hear(announcements);
      }
      plan();
      return Promise.resolve();
    },
    lose: (_, sinceMs, place) => {
      lastLoss = { sinceMs, place };
      for (const listener of listeners) {
        // One that has not begun looks for itself.
        if (listener.hasBegun && concerns(lastLoss, listener.place)) listener.lose(sinceMs, place);
      }
      plan();
    },
    stop: () => {
      stopping.abort();
      clearTimeout(timer);
      for (const { stream } of listeners) stream.end();
    },
  };
}

/** What was announced since then is gone from the log, which goes on from `place`. */
interface Loss {
  sinceMs: number;
  place: LogPlace;
}

/** Not one whose place is of this life of the log already. */
const concerns = ({ sinceMs, place }: Loss, { epoch, atMs }: LogPlace): boolean =>
  epoch !== place.epoch || atMs <= sinceMs;

const NONE = { likeCount: 0, retweetCount: 0, replyCount: 0, quoteCount: 0 };
