import { describe, expect, it } from '@jest/globals';
import { fillEachRun, fillExamples, missingIn } from './examples.ts';

const never = () => Promise.reject(new Error('nobody was to be asked'));
const author = { id: 'user_2', username: 'ben' };
const seen = {
  viewer: {
    id: 'user_1',
    user: { tweets: { nodes: [{ id: 'tweet_own' }] } },
    sessions: [
      { id: 'session_here', isCurrent: true },
      { id: 'session_there', isCurrent: false },
    ],
    followRequests: { nodes: [] },
    sentFollowRequests: { nodes: [{ id: 'request_sent' }] },
  },
  homeTimeline: {
    edges: [
      { cursor: 'c1', node: { id: 'tweet_mine', author: { id: 'user_1', username: 'ada' } } },
      { cursor: 'c2', node: { id: 'tweet_bens', author } },
    ],
  },
  suggestedUsers: [{ user: { id: 'user_5', username: 'eve' } }],
  user: { id: 'user_9', username: 'ada', tweets: { nodes: [{ id: 'tweet_known' }] } },
};

describe('example variables', () => {
  it('speak of what whoever asks can see, and of others rather than of oneself', async () => {
    const variables = {
      tweetId: '$tweetId',
      who: { userId: '$userId' },
      ids: ['$ownTweetId', '$sessionId'],
      at: '$edgeCursor',
    };
    expect(await fillExamples(variables, async () => ({ data: seen }))).toEqual({
      tweetId: 'tweet_bens',
      who: { userId: 'user_2' },
      ids: ['tweet_own', 'session_there'],
      at: 'c2',
    });
  });

  it('speak of somebody else even where there is nothing but what one wrote oneself', async () => {
    const data = { ...seen, homeTimeline: { edges: seen.homeTimeline.edges.slice(0, 1) } };
    expect(await fillExamples({ id: '$tweetId', who: '$userId' }, async () => ({ data }))).toEqual({
      id: 'tweet_mine',
      who: 'user_5',
    });
  });

  it('speak of somebody known when nobody is signed in', async () => {
    const data = { ...seen, viewer: null, homeTimeline: null };
    expect(await fillExamples({ id: '$tweetId', username: '$username' }, async () => ({ data }))).toEqual({
      id: 'tweet_known',
      username: 'ada',
    });
  });

  it('stay as they are where there is nothing to speak of', async () => {
    expect(await fillExamples({ id: '$followRequestId' }, async () => ({ data: seen }))).toEqual({
      id: '$followRequestId',
    });
    expect(await fillExamples({ id: '$tweetId' }, never)).toEqual({ id: '$tweetId' });
  });

  it('say what is missing, and how to come by it', async () => {
    const variables = { input: { id: '$followRequestId' }, other: '$sentFollowRequestId' };
    const filled = await fillExamples(variables, async () => ({ data: seen }));
    expect(filled['other']).toBe('request_sent');
    expect(missingIn(filled)).toMatch(/^"\$followRequestId" .+ somebody who waits to follow you/);
    expect(missingIn({ first: 20, key: '$uuid', text: 'it costs $20' })).toBeNull();
  });

  it('ask for nothing when they need nothing', async () => {
    const filled = await fillExamples({ first: 20, moment: '$hourAgo', name: 'a $tweetId in words' }, never);
    expect(filled).toMatchObject({ first: 20, name: 'a $tweetId in words' });
    expect(Date.parse(String(filled['moment']))).toBeLessThan(Date.now());
  });
});

it('makes new keys and names for each run, and the same name throughout one', () => {
  const variables = {
    key: '$uuid',
    other: '$uuid',
    name: '$name',
    mail: '$name@example.com',
    first: 20,
    none: null,
  };
  const once = fillEachRun(variables) as Record<string, string>;
  const again = fillEachRun(variables) as Record<string, string>;
  expect(once['key']).toMatch(/^[\da-f-]{36}$/);
  expect(new Set([once['key'], once['other'], again['key']]).size).toBe(3);
  expect(once['mail']).toBe(`${once['name']}@example.com`);
  expect(once['name']).not.toBe(again['name']);
  expect(once).toMatchObject({ first: 20, none: null });
});
