import { describe, expect, it } from '@jest/globals';
import { ConversationListener } from './live-conversation.ts';
import type { ListenerOptions } from './live-listener.ts';
import { TweetListener } from './live-tweets.ts';

const NONE = { likeCount: 0, retweetCount: 0, replyCount: 0, quoteCount: 0 };
const NOBODY_SEES = { sight: null, counts: NONE, isBelow: false };

describe('a gap in a live stream', () => {
  const nowMs = 1_000_000;
  const options: ListenerOptions = {
    now: () => nowMs,
    judge: (event) => Promise.resolve(event),
    onEnd: () => undefined,
  };
  const place = { epoch: '7', position: '990000-0', atMs: 995_000 };

  it('begins with the first of what waited, in hand or not, and ends now', async () => {
    const listener = new ConversationListener(null, '1', options);
    await listener.prepare({ conversationOf: () => Promise.resolve('1') });
    listener.begin(place, null);
    const reply = (n: number) => ({
      kind: 'reply' as const,
      conversationId: '1',
      tweetId: String(n),
      position: `${990_000 + n}-0`,
    });
    listener.hear([reply(1)]);
    listener.take(nowMs);
    listener.hear(Array.from({ length: 1001 }, (_, n) => reply(n + 2)));
    expect((await listener.stream.next()).value).toMatchObject({
      kind: 'gap',
      sinceMs: 990_000,
      untilMs: nowMs,
    });
  });

  it('begins where a slow reader resumed, not when it was told', async () => {
    const ids = Array.from({ length: 201 }, (_, n) => String(n));
    const listener = new TweetListener(null, new Set(ids), options);
    listener.begin(place, { after: { epoch: '7', position: '400000-0', atMs: 400_000 }, missed: [] });
    for (const matter of listener.take(nowMs)) listener.tell(matter, NOBODY_SEES);
    expect((await listener.stream.next()).value).toMatchObject({ kind: 'gap', sinceMs: 400_000 });
  });
});
