import { compareIds, idSpan, type Id } from '../../platform/ids.ts';
import { REST_MS } from './oracle.ts';

/** What decides whether a tweet is on somebody's home timeline, as it stands now. */
export interface TweetFacts {
  id: Id;
  author: Person;
  /** Whom it answers, when it is a reply; `isStranger`: neither the viewer, nor its author, nor followed. Nameless, too, whose tweets are hidden. */
  answering: (Person & { isStranger: boolean }) | null;
  /** Whether its author's tweets are for the viewer, as far as protection goes. Null when the account does not stand. */
  isOpen: boolean | null;
  isBlocked: boolean;
  blocksViewer: boolean;
  isMuted: boolean;
  /** Those by the viewer and by whom the viewer follows: the tweet itself, and retweets. */
  entries: EntryFacts[];
}

export interface EntryFacts {
  id: Id;
  author: Person;
  /** Null when it is the viewer's own. */
  followedAt: Date | null;
  /** A block, whoever made it. */
  isBlocked: boolean;
  isMuted: boolean;
  /** Its author's retweets are hidden. */
  isHidden: boolean;
}

/** The name is null where the account does not stand. */
interface Person {
  id: Id;
  name: string | null;
}

export type Verdict =
  | 'SHOWN'
  | 'SHOWN_EARLIER'
  | 'ON_ITS_WAY'
  | 'BLOCKED'
  | 'NOT_VISIBLE'
  | 'MUTED'
  | 'REPLY_TO_STRANGER'
  | 'RETWEETS_HIDDEN'
  | 'RETWEETER_MUTED'
  | 'NOT_FOLLOWED';

export interface Placement {
  verdict: Verdict;
  explanation: string;
  /** Whom it turns on. */
  userId: Id | null;
  /** What shows it. */
  entry: EntryFacts | null;
}

const REST = BigInt(idSpan(REST_MS));

/**
 * Whether a tweet is on the viewer's home timeline, or the first in the order of the schema that keeps it off. It says
 * the same as the definition, of one tweet.
 *
 * @param tweet null when there is none.
 * @param isServed whether a page would hold an entry that the definition has.
 */
export function placementOf(tweet: TweetFacts | null, isServed: (entry: EntryFacts) => boolean): Placement {
  // Blocked is told only where nothing else hides it: of what others hide, the viewer is to know nothing.
  if (tweet === null || tweet.author.name === null || tweet.blocksViewer || tweet.isOpen !== true)
    return off('NOT_VISIBLE', 'There is no such tweet, or none that you may see.');
  const { author, answering } = tweet;
  if (tweet.isBlocked) return off('BLOCKED', `You block @${author.name}.`, author);

  const counting = tweet.entries
    .filter((entry) => counts(tweet, entry))
    .sort((a, b) => compareIds(a.id, b.id));
  const defined = counting.filter((entry, at) => entry.id === tweet.id || isRested(entry, counting[at - 1]));
  const shown = defined.findLast(isServed);
  if (shown !== undefined) {
    const isLast = counting.at(-1) === defined.at(-1);
    const verdict = isLast ? 'SHOWN' : 'SHOWN_EARLIER';
    const explanation = isLast
      ? 'It is on your home timeline.'
      : 'It is on your home timeline by an earlier entry; a later one came within a day.';
    return { verdict, explanation, userId: null, entry: shown };
  }
  if (defined.length > 0) return off('ON_ITS_WAY', 'It is on its way to your home timeline.');
  if (tweet.isMuted) return off('MUTED', `You mute @${author.name}.`, author);
  if (answering?.isStranger === true) {
    const whom =
      answering.name === null
        ? "somebody whom you don't follow"
        : `@${answering.name}, whom you don't follow`;
    return off('REPLY_TO_STRANGER', `It answers ${whom}.`, answering);
  }
  const standing = tweet.entries.filter((entry) => entry.author.name !== null);
  const hidden = standing.find(({ isHidden }) => isHidden);
  const because = `You don't follow @${author.name}`;
  if (hidden !== undefined) {
    const text = `${because}, and you hide the retweets of @${hidden.author.name}, who retweeted it.`;
    return off('RETWEETS_HIDDEN', text, hidden.author);
  }
  const muted = standing.find(({ isMuted }) => isMuted);
  if (muted !== undefined) {
    const text = `${because}, and you mute @${muted.author.name}, who retweeted it.`;
    return off('RETWEETER_MUTED', text, muted.author);
  }
  return off('NOT_FOLLOWED', `${because}, and nobody you follow retweeted it.`, author);
}

const off = (verdict: Verdict, explanation: string, user: Person | null = null): Placement => ({
  verdict,
  explanation,
  // Of an account that is gone, there is nothing to show.
  userId: user === null || user.name === null ? null : user.id,
  entry: null,
});

/** Rules 1 to 4, for an entry by the viewer or somebody followed of a tweet that the viewer may see. */
function counts({ id, isMuted, answering }: TweetFacts, entry: EntryFacts): boolean {
  if (isMuted || entry.author.name === null || entry.isBlocked || entry.isMuted) return false;
  if (entry.id !== id) return !entry.isHidden;
  return entry.followedAt === null || answering?.isStranger !== true;
}

/** Rule 5. */
const isRested = (entry: EntryFacts, before: EntryFacts | undefined): boolean =>
  before === undefined || BigInt(before.id) < BigInt(entry.id) - REST;
