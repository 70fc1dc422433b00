import { compareIds, createIdSource, type Id } from '../platform/ids.ts';
import { DEMO_WORKER, type Person } from './people.ts';
import { weighted, type Random } from './random.ts';
import { smallTalk, shortAnswer } from './small-talk.ts';

type ReplyPolicy = 'EVERYONE' | 'FOLLOWING' | 'MENTIONED';

/** A tweet or a retweet, as indexes of people and of the entries before it. */
export interface Entry {
  id: Id;
  author: number;
  createdAt: Date;
  /** Null on a retweet, empty when deleted. */
  text: string | null;
  /** What it said before it was edited; null when it never was. */
  slip: string | null;
  replyPolicy: ReplyPolicy;
  /** Index of the entry that it answers. */
  inReplyTo: number | null;
  /** Index of the tweet that it quotes. */
  quoteOf: number | null;
  /** Index of the tweet that it retweets. */
  retweetOf: number | null;
  /** People who like it. Empty on a retweet. */
  likedBy: number[];
}

const DAYS = 120;
const DAY_MS = 86_400_000;
const REPLY_SHARE = 0.24;
const RETWEET_SHARE = 0.12;
const QUOTE_SHARE = 0.05;
const EDIT_SHARE = 0.02;
/** Of those that were answered and not shared. */
const DELETION_SHARE = 0.02;
/** How far back in the order of posting one looks for something to answer. */
const ATTENTION = 400;

/** `count` tweets and some retweets on top of them, oldest first, up to the anchor. */
export function inventEntries(
  people: readonly Person[],
  followed: readonly Set<number>[],
  count: number,
  anchorMs: number,
  random: Random,
): Entry[] {
  const writer = weighted(
    people.map(() => Math.exp(random.normal())),
    random,
  );
  const followers = people.map((): number[] => []);
  followed.forEach((whom, index) => whom.forEach((other) => followers[other]?.push(index)));

  const moments = Array.from({ length: Math.round(count * (1 + RETWEET_SHARE)) }, () =>
    moment(anchorMs, random),
  ).toSorted((a, b) => a - b);
  let clock = 0;
  const ids = createIdSource(DEMO_WORKER, () => clock);
  const entries: Entry[] = [];
  const retweets = new Set<string>();

  moments.forEach((atMs, index) => {
    clock = atMs;
    const author = writer();
    const entry: Entry = {
      id: ids.next(),
      author,
      createdAt: new Date(atMs),
      text: null,
      slip: null,
      replyPolicy: 'EVERYONE',
      inReplyTo: null,
      quoteOf: null,
      retweetOf: null,
      likedBy: [],
    };
    const subject = subjectFor(author, followed, entries, random);
    const isOpen = subject !== null && people[entries[subject]?.author ?? 0]?.isProtected === false;
    if (index % Math.round((1 + RETWEET_SHARE) / RETWEET_SHARE) === 0 && subject !== null && isOpen) {
      const once = `${subject} ${author}`;
      if (!retweets.has(once) && entries[subject]?.author !== author) {
        retweets.add(once);
        entries.push({ ...entry, retweetOf: subject });
        return;
      }
    }
    const answers =
      subject !== null && random.chance(REPLY_SHARE) && mayAnswer(entries[subject], author, people, followed);
    const quotes = !answers && isOpen && random.chance(QUOTE_SHARE);
    const text = answers || quotes ? shortAnswer(random) : original(author, people, followed, random);
    entries.push({
      ...entry,
      text,
      slip: random.chance(EDIT_SHARE) ? slipOf(text) : null,
      replyPolicy: answers ? 'EVERYONE' : policy(text, random),
      inReplyTo: answers ? subject : null,
      quoteOf: quotes ? subject : null,
      likedBy: likersOf(author, followers, random),
    });
  });
  return withDeletions(entries, random).toSorted((a, b) => compareIds(a.id, b.id));
}

/** Most are for everybody. */
function policy(text: string, random: Random): ReplyPolicy {
  if (random.chance(0.94)) return 'EVERYONE';
  return text.includes('@') ? 'MENTIONED' : 'FOLLOWING';
}

function mayAnswer(
  subject: Entry | undefined,
  author: number,
  people: readonly Person[],
  followed: readonly Set<number>[],
): boolean {
  if (subject === undefined || subject.replyPolicy === 'EVERYONE' || subject.author === author) return true;
  return (
    subject.text?.includes(`@${people[author]?.username}`) === true ||
    (subject.replyPolicy === 'FOLLOWING' && followed[subject.author]?.has(author) === true)
  );
}

/** Two letters of the first long word in the wrong order, as they come when one types too fast. */
const slipOf = (text: string): string => text.replace(/(?<=\b\p{L})(\p{Ll})(\p{Ll})(?=\p{Ll})/u, '$2$1');

/** Some that were answered are gone, so that threads have tombstones. */
function withDeletions(entries: readonly Entry[], random: Random): Entry[] {
  const answered = new Set(entries.flatMap(({ inReplyTo }) => inReplyTo ?? []));
  const shared = new Set(
    entries.flatMap(({ retweetOf, quoteOf }) => [retweetOf ?? [], quoteOf ?? []].flat()),
  );
  return entries.map((entry, index) =>
    answered.has(index) && !shared.has(index) && random.chance(DELETION_SHARE)
      ? { ...entry, text: '', slip: null }
      : entry,
  );
}

/** Even over the days, and by the hour as people are awake. */
function moment(anchorMs: number, random: Random): number {
  const day = Math.floor(random.next() * DAYS);
  const hour = Math.min(23.9, Math.max(0, 14 + 4.5 * random.normal()));
  return Math.min(anchorMs - 1000, Math.floor(anchorMs - (day + 1) * DAY_MS + (hour / 24) * DAY_MS));
}

/** A tweet of late by somebody whom the author follows; null when there is none at hand. */
function subjectFor(
  author: number,
  followed: readonly Set<number>[],
  entries: readonly Entry[],
  random: Random,
): number | null {
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const index = entries.length - 1 - random.below(ATTENTION);
    const candidate = entries[index];
    if (
      candidate?.text != null &&
      (followed[author]?.has(candidate.author) === true || candidate.author === author)
    )
      return index;
  }
  return null;
}

function original(
  author: number,
  people: readonly Person[],
  followed: readonly Set<number>[],
  random: Random,
): string {
  const friends = [...(followed[author] ?? [])];
  const mention =
    random.chance(0.12) && friends.length > 0 ? people[random.pick(friends)]?.username : undefined;
  return smallTalk(people[author]?.circle ?? 0, random, mention);
}

/** Mostly a few of the author's followers; now and then many. */
function likersOf(author: number, followers: readonly number[][], random: Random): number[] {
  const readers = followers[author] ?? [];
  if (readers.length === 0) return [];
  const wanted = Math.min(readers.length, Math.floor(Math.exp(0.6 + 1.1 * random.normal())));
  const likers = new Set<number>();
  for (let draw = 0; draw < wanted; draw += 1) likers.add(random.pick(readers));
  return [...likers];
}
