import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildASTSchema, isUnionType, parse, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ASSERTION_HEADER, signAssertion } from '../subgraphs/assertion.ts';
import { rowId } from '../subgraphs/global-id.ts';
import { serveSubgraph } from '../subgraphs/server.ts';
import { testDatabase, type TestDatabase } from './databases.ts';
import type { Person } from './person.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';
import { fieldsOf, RULES, type Rule } from './visibility/expectations.ts';
import { createJudge, type Judge } from './visibility/judge.ts';
import { createSelections } from './visibility/selection.ts';
import { watch, type Watched } from './visibility/streams.ts';
import { changeOf, documentOf, ways } from './visibility/ways.ts';
import { change, createWorld, VIEWERS, type Viewer, type World } from './visibility/world.ts';
import { startWhole, type Whole } from './whole-in-process.ts';

const sdl = readFileSync(join(import.meta.dirname, '../gateway/supergraph.graphql'), 'utf8');
const schema: GraphQLSchema = buildASTSchema(parse(sdl), { assumeValid: true });
const opened = new AsyncDisposableStack();
let database: TestDatabase;
let supergraph: TestSupergraph;
let world: World;
let judge: Judge;

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  supergraph = opened.adopt(await startSupergraph({ ...database.env, RATE_LIMIT_SCALE: '10000' }), (own) =>
    own.stop(),
  );
  world = await createWorld(supergraph);
  // What it looks at is mostly not of whoever asks.
  await database.replicated();
  const { follower } = world.people;
  const edgeCursor = await until('the home timeline is there', async () => {
    const { edges } = await follower.home();
    return edges[2]?.cursor;
  });
  await change(follower, 'moveHomeReadPosition', { edgeCursor });
  await follower.ask('mutation { auditHomeTimeline { errors { __typename } } }');
  judge = createJudge(schema, world);
}, 180_000);
afterAll(() => opened.disposeAsync(), 60_000);

describe('every field, for every viewer, by every way', () => {
  const missed: string[] = [];

  beforeAll(async () => {
    for (const viewer of VIEWERS) {
      for (const way of ways(world)) {
        const { data, errors } = await supergraph.ask<Record<string, never>>(
          documentOf(schema, 'query', way),
          way.args,
          world.tokenOf(viewer),
        );
        const from = `${way.field}(${JSON.stringify(way.args ?? {}).slice(0, 60)})`;
        if (errors)
          missed.push(
            `${viewer ?? 'somebody signed out'}, ${from}: ${errors.map(({ message, path }) => `${message} ${path?.join('.')}`).join(' ')}`,
          );
        if (!data) continue;
        judge.read(viewer, 'Query', data, from);
        const answers = [data[way.field]].flat() as unknown[];
        for (const [at, id] of (way.ids ?? []).entries())
          if ((answers[at] === null) === world.mayHave(viewer, id))
            missed.push(
              `${viewer ?? 'somebody signed out'}, ${from}: ${id} is ${JSON.stringify(answers[at])}`,
            );
      }
    }
  }, 600_000);

  it('answers without errors, with what is named or with null where it is hidden', () => {
    expect(missed).toEqual([]);
  });

  it('gives each what the table says', () => {
    expect(judge.faults()).toEqual([]);
    expect(judge.compared()).toBeGreaterThan(1000);
  });

  it('met every field that can be queried', () => {
    const others = new Set((['told', 'live', 'change', 'changeOfTweet', 'open'] as const).flatMap(fieldsOf));
    const fields = Object.keys(RULES).flatMap((rule) => fieldsOf(rule as Rule));
    expect(fields.filter((field) => !others.has(field) && !judge.met.has(field))).toEqual([]);
  });
});

/** What each author's first tweet is to those from whom it is hidden. */
const hidden = (): { viewer: Exclude<Viewer, null>; tweetId: string }[] =>
  VIEWERS.flatMap((viewer) =>
    viewer === null
      ? []
      : Object.values(world.tweets).flatMap(({ first: tweetId }) =>
          world.mayHave(viewer, tweetId) ? [] : [{ viewer, tweetId }],
        ),
  );

describe('a change', () => {
  const ids = () => ({
    tweetId: world.tweets.olive.first,
    userId: world.people.olive.id,
    followRequestId: world.requestId,
  });

  it.each([...fieldsOf('change'), ...fieldsOf('changeOfTweet')].map((path) => path.replace('Mutation.', '')))(
    '%s is refused to whoever is signed out',
    async (field) => {
      const { query, variables } = changeOf(schema, field, ids());
      const { errors } = await supergraph.ask(query, variables);
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    },
  );

  it('of a hidden tweet finds none, nor does a reply to it or a quote of it', async () => {
    const changes = fieldsOf('changeOfTweet').map((path) => path.replace('Mutation.', ''));
    const found: string[] = [];
    expect(hidden().length).toBeGreaterThan(10);
    for (const { viewer, tweetId } of hidden()) {
      const asked = [
        ...changes.map((field) => changeOf(schema, field, { tweetId })),
        ...['inReplyToTweetId', 'quotedTweetId'].map((field) => {
          const { query } = changeOf(schema, 'createTweet', {});
          return { query, variables: { input: { text: 'Hi', idempotencyKey: 'hidden', [field]: tweetId } } };
        }),
      ];
      for (const { query, variables } of asked) {
        const { data, errors } = await supergraph.ask<Record<string, { errors: { code: string }[] }>>(
          query,
          variables,
          world.tokenOf(viewer),
        );
        const codes = Object.values(data ?? {}).flatMap((payload) => payload.errors.map(({ code }) => code));
        if (errors || codes.join() !== 'NOT_FOUND')
          found.push(`${viewer} ${query.slice(0, 60)}: ${JSON.stringify({ codes, errors })}`);
      }
    }
    expect(found).toEqual([]);
  }, 120_000);
});

describe('a subgraph that is asked for things by their keys, with the gateway’s word for who asks', () => {
  const KEY = 'of this test';
  const servers = new AsyncDisposableStack();
  let whole: Whole;
  const urls: Record<string, string> = {};

  beforeAll(async () => {
    const PUBLIC_URL = supergraph.origin.replace('127.0.0.1', 'localhost');
    whole = servers.adopt(await startWhole({ ...database.env, PUBLIC_URL }), (own) => own.stop());
    for (const [name, subgraph] of Object.entries(whole.subgraphs)) {
      const server = await serveSubgraph(subgraph, { host: '127.0.0.1', port: 0, assertionKey: KEY });
      servers.defer(() => server.close());
      urls[name] = server.url;
    }
  });
  afterAll(() => servers.disposeAsync());

  type Entity = Record<string, never> | null;
  async function entities(subgraph: string, viewer: Viewer, type: string, ids: string[]): Promise<Entity[]> {
    const own = whole.subgraphs[subgraph]?.schema;
    const selections = createSelections(own ?? schema);
    const selected = selections.of(own?.getType(type) as GraphQLObjectType, 1);
    const body = JSON.stringify({
      query: `query ($representations: [_Any!]!) {
        _entities(representations: $representations) { ... on ${type} { ${selected} } }
      } ${selections.fragments()}`,
      variables: { representations: ids.map((id) => ({ __typename: type, id })) },
    });
    const userId = viewer === null ? '' : rowId('user', world.people[viewer].id);
    const caller = {
      viewer: viewer === null ? null : { userId, sessionId: '1' },
      address: '192.0.2.1',
      userAgent: null,
      readsOwnWrites: false,
    };
    const response = await fetch(urls[subgraph] ?? '', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [ASSERTION_HEADER]: signAssertion(KEY, subgraph, caller, body),
      },
      body,
    });
    const { data, errors } = (await response.json()) as { data?: { _entities: Entity[] }; errors?: object[] };
    if (data === undefined) throw new Error(`${subgraph} refuses ${type}: ${JSON.stringify(errors)}`);
    return data._entities;
  }

  it('gives each what the table says, and of what is hidden nothing', async () => {
    const kinds: Record<string, string[]> = {
      User: [...world.names.keys()],
      Tweet: [...world.authors.keys()],
      Hashtag: ['hashtag_visibility'],
      FollowRequest: [world.requestId],
    };
    const known = judge.faults().length;
    const told: string[] = [];
    let asked = 0;
    for (const [name, subgraph] of Object.entries(whole.subgraphs)) {
      for (const [type, ids] of Object.entries(kinds)) {
        if (!keysIn(subgraph.schema).includes(type)) continue;
        for (const viewer of VIEWERS) {
          const found = await entities(name, viewer, type, ids);
          for (const [at, entity] of found.entries()) {
            const id = ids[at] ?? '';
            asked += 1;
            if (entity !== null && world.mayHave(viewer, id))
              judge.read(viewer, type, entity, `${name} itself`);
            else if (!saysNothing(entity))
              told.push(`${viewer}, ${name}: ${id} is ${JSON.stringify(entity)}`);
          }
        }
      }
    }
    expect(told).toEqual([]);
    expect(judge.faults().slice(known)).toEqual([]);
    expect(asked).toBeGreaterThan(500);
  }, 120_000);

  it('says nothing of a viewer to somebody else', async () => {
    for (const name of Object.keys(whole.subgraphs)) {
      const [entity = null] = await entities(name, 'stranger', 'Viewer', [world.people.olive.id]).catch(
        () => [],
      );
      expect({ name, saysNothing: saysNothing(entity) }).toEqual({ name, saysNothing: true });
    }
  });
});

/** Whether all but the id that was asked with is null, no, or none. */
const saysNothing = (entity: Record<string, unknown> | null): boolean =>
  Object.entries(entity ?? {}).every(
    ([name, value]) => name === '__typename' || name === 'id' || value === null || value === false,
  );

const keysIn = (subgraph: GraphQLSchema): string[] => {
  const union = subgraph.getType('_Entity');
  return isUnionType(union) ? union.getTypes().map(({ name }) => name) : [];
};

describe('streams', () => {
  const streams = new AsyncDisposableStack();
  afterAll(() => streams.disposeAsync());

  it('tell each what the table says, and are silent of what is hidden', async () => {
    const { tweets, nells, people } = world;
    const threads = [tweets.olive.first, tweets.prue.first, nells];
    const listening = createJudge(schema, world, false);
    const open = (viewer: Viewer, field: string, args: Record<string, unknown>) => {
      const query = documentOf(schema, 'subscription', { field, args, depth: 1 });
      return streams.adopt(watch(supergraph.origin, world.tokenOf(viewer), field, query, args), (each) =>
        each.close(),
      );
    };
    // From a place that is known beforehand, so that nothing is missed by who opens late; also by who may not see it.
    const from = await Promise.all(threads.map((id) => liveCursorOf(people.nell, id)));
    const watching = [];
    for (const viewer of VIEWERS) {
      const conversations = threads.map((tweetId, at) =>
        open(viewer, 'conversation', { tweetId, after: from[at] }),
      );
      const after = viewer === null ? null : (await people[viewer].home({ first: 1 })).liveCursor;
      watching.push({
        viewer,
        counts: open(viewer, 'tweet', { ids: threads }),
        conversations,
        home: viewer === null ? null : open(viewer, 'homeTimeline', { after }),
      });
    }
    for (const { viewer, counts } of watching)
      await until(`${viewer} is told of the present counts`, () => countsOf(counts).has(nells));

    const post = async (name: 'nell' | 'olive' | 'prue', text: string, more: object = {}) => {
      const input = { text, idempotencyKey: text, ...more };
      const { tweet } = await change<{ tweet: { id: string } }>(
        people[name],
        'createTweet',
        input,
        'tweet { id }',
      );
      world.authors.set(tweet.id, name);
      return tweet.id;
    };
    // Whoever may see a thread is told in it of what they may see; what comes last in each is for all of them.
    for (const author of ['olive', 'prue'] as const) {
      await post(author, `${author} goes on`, { inReplyToTweetId: tweets[author].first });
      await post(author, `${author} goes on with Nell`, { inReplyToTweetId: nells });
      await change(people[author], 'editTweet', {
        tweetId: tweets[author].first,
        text: `${author} thought again`,
      });
      await post(author, `${author} alone`);
    }
    const last = await Promise.all(
      threads.map((inReplyToTweetId, at) => post('nell', `The last of ${at}`, { inReplyToTweetId })),
    );
    const alone = await post('nell', 'Nell alone');

    for (const { viewer, counts, conversations, home } of watching) {
      for (const [at, thread] of threads.entries()) {
        const conversation = conversations[at];
        if (!world.mayHave(viewer, thread)) continue;
        await until(`${viewer} hears the last of a thread`, () => conversation?.heard(String(last[at])));
      }
      if (home !== null && viewer !== 'olive' && viewer !== 'prue')
        await until(`${viewer} has what Nell posted`, () => home.heard(alone));
      expect({ viewer, counts: [...countsOf(counts)].toSorted() }).toEqual({
        viewer,
        counts: threads.filter((id) => world.mayHave(viewer, id)).toSorted(),
      });
      for (const [at, thread] of threads.entries())
        if (!world.mayHave(viewer, thread))
          expect({ viewer, told: toldIn(conversations[at]) }).toEqual({ viewer, told: [] });
      for (const { events } of [counts, ...conversations, ...(home === null ? [] : [home])])
        for (const event of events)
          listening.read(viewer, String(event['__typename']), event as Record<string, never>, 'a stream');
    }
    expect(listening.faults()).toEqual([]);
  }, 120_000);
});

async function liveCursorOf(person: Person, tweetId: string): Promise<string> {
  const { tweet } = await person.ask<{ tweet: { replies: { liveCursor: string } } }>(
    'query ($tweetId: ID!) { tweet(id: $tweetId) { replies(first: 1) { liveCursor } } }',
    { tweetId },
  );
  return tweet.replies.liveCursor;
}

/** What a stream told, but that it was interrupted. */
const toldIn = (stream: Watched | undefined) =>
  stream?.events.filter((event) => event['__typename'] !== 'TimelineGap');

/** Of which tweets a stream told counts. */
const countsOf = ({ events }: Watched): Set<string> =>
  new Set(
    events.flatMap((event) =>
      event['__typename'] === 'TweetCountsChanged' ? [(event['tweet'] as { id: string }).id] : [],
    ),
  );
