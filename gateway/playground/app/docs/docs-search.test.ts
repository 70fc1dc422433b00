import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { entriesOf, inShort, search } from './docs-search.ts';

const schema = buildSchema(`
  type Query {
    "One of them."
    tweet(id: ID!): Tweet
    "What those you follow wrote, newest first and unranked."
    homeTimeline("Only what was there by this moment." asOf: String): HomeTimelineConnection
  }
  type Subscription { homeTimeline: HomeTimelineConnection }
  type AuditHomeTimelineError { message: String }
  type HomeTimelineConnection { homeTimeline: String nodes: [Tweet] reason: HomeTimelinePath }
  type Tweet { likeCount: Int }
  enum HomeTimelinePath { DELIVERED RESTORED }
`);
const entries = entriesOf(schema);
const found = (wanted: string) => search(entries, wanted).map(({ path }) => path);

describe('a search in the docs', () => {
  it('has what is called like that first: what can be asked and followed, then fields of others', () => {
    expect(found('homeTimeline')).toEqual([
      'Query.homeTimeline',
      'Subscription.homeTimeline',
      'HomeTimelineConnection.homeTimeline',
      'HomeTimelineConnection',
      'HomeTimelinePath',
      'AuditHomeTimelineError',
      // These have it in their paths.
      'AuditHomeTimelineError.message',
      'HomeTimelineConnection.nodes',
      'HomeTimelineConnection.reason',
      'HomeTimelinePath.DELIVERED',
      'HomeTimelinePath.RESTORED',
      'Query.homeTimeline(asOf:)',
    ]);
    expect(found('Tweet').slice(0, 2)).toEqual(['Query.tweet', 'Tweet']);
    expect(found('likeC')).toEqual(['Tweet.likeCount']);
  });

  it('finds arguments, values of enums, and paths', () => {
    expect(found('asOf')).toEqual(['Query.homeTimeline(asOf:)']);
    expect(found('restored')).toEqual(['HomeTimelinePath.RESTORED']);
    expect(found('query.hometimeline')[0]).toBe('Query.homeTimeline');
  });

  it('finds what is said in such words, and nothing where nothing is', () => {
    expect(found('unranked newest')).toEqual(['Query.homeTimeline']);
    expect(found('unranked oldest')).toEqual([]);
  });

  it('leaves out what GraphQL itself brings', () => {
    expect(found('__type')).toEqual([]);
  });
});

it.each([
  ['Who wrote it. Null when they are gone.', 'Who wrote it.'],
  ['See `Viewer.audit`. Or not.', 'See Viewer.audit.'],
  ['Either: one or the other.', 'Either.'],
  ['By 3.5 at most. More', 'By 3.5 at most.'],
  ['No end', 'No end'],
  ['', ''],
])('of %j the first sentence is %j', (all, first) => {
  expect(inShort(all)).toBe(first);
});
