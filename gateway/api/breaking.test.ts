import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { breakingChanges } from './breaking.ts';
import { usesOf } from './uses.ts';

const RELEASED = `
  type Query { user(id: ID!, style: Style = PLAIN): User, find(filter: Filter!): [Hit!] }
  type User implements Named { id: ID!, name: String!, old: Card @deprecated(reason: "Use \`User.name\`. Goes on 2030-01-31.") }
  type Card { text: String }
  type Tweet { id: ID! }
  interface Named { name: String! }
  union Hit = User | Tweet
  enum Style { PLAIN FANCY }
  input Filter { words: String!, atMost: Int = 20 }
`;
const released = buildSchema(RELEASED);
const broken = async (from: string, to: string, today = '2026-11-21') =>
  breakingChanges(released, buildSchema(RELEASED.replace(from, to)), today);

describe('what breaks clients', () => {
  it.each<[string, string, string, string, RegExp]>([
    [
      'a removed field',
      'name: String!, old',
      'old',
      'User.name',
      /`name` was removed.*refused whole.*deprecate/,
    ],
    [
      'a field that may be null',
      'id: ID!, name',
      'id: ID, name',
      'User.id',
      /type from `ID!` to `ID`.*beside it/,
    ],
    [
      'a required argument',
      'user(id: ID!',
      'user(at: Int!, id: ID!',
      'Query.user',
      /do not give it.*nullable, or give it a default/,
    ],
    [
      'a removed argument',
      ', style: Style = PLAIN',
      '',
      'Query.user.style',
      /`style: Style` was removed|`style`.*removed/,
    ],
    ['a removed enum value', 'PLAIN FANCY', 'PLAIN', 'Style', /`FANCY` was removed.*Clients that send it/],
    [
      'a required input field',
      'words: String!',
      'words: String!, lang: String!',
      'Filter',
      /Inputs without it/,
    ],
    ['a removed input field', ', atMost: Int = 20', '', 'Filter.atMost', /Inputs that have it/],
    ['another default of an argument', 'Style = PLAIN', 'Style = FANCY', 'Query.user', /leave it out/],
    ['another default of an input field', 'Int = 20', 'Int = 50', 'Filter', /mean something else/],
    ['a smaller union', 'User | Tweet', 'User', 'Hit', /Fragments on it/],
    ['an interface less', 'User implements Named', 'User', 'User', /Fragments on the interface/],
  ])('%s', async (_, from, to, touched, sentence) => {
    const [first, ...others] = await broken(from, to);
    expect(others).toEqual([]);
    expect(first?.touched).toBe(touched);
    expect(first?.sentence).toMatch(sentence);
  });

  it('what was deprecated, before its day has come', async () => {
    const gone = ', old: Card @deprecated(reason: "Use `User.name`. Goes on 2030-01-31.")';
    expect(await broken(gone, '', '2030-01-30')).toMatchObject([{ touched: 'User.old' }]);
  });
});

describe('what breaks nobody', () => {
  it.each([
    ['a new field', 'id: ID!, name', 'id: ID!, bio: String, name'],
    ['a new optional argument', 'user(id: ID!', 'user(at: Int, id: ID!'],
    ['a new required argument with a default', 'user(id: ID!', 'user(at: Int! = 3, id: ID!'],
    ['a new input field that may be left out', 'words: String!', 'words: String!, lang: String'],
    ['a new enum value', 'PLAIN FANCY', 'PLAIN FANCY GRAND'],
    ['a larger union', 'User | Tweet', 'User | Tweet | Card'],
    ['a new type', 'type Card', 'type More { id: ID } type Card'],
    ['a field that is never null any more', 'text: String', 'text: String!'],
    [
      'a new deprecation',
      'type Tweet { id: ID!',
      'type Tweet { id: ID! @deprecated(reason: "Use `Tweet.key`. Goes on 2030-01-31."), key: ID!',
    ],
    ['other words', 'type Card', '"A card." type Card'],
  ])('%s', async (_, from, to) => {
    expect(await broken(from, to)).toEqual([]);
  });

  it('taking away what was deprecated, with the type that only it led to, once its day has come', async () => {
    const next = RELEASED.replace(/, old: Card @deprecated\(.*?\)/, '').replace(
      'type Card { text: String }',
      '',
    );
    expect(await breakingChanges(released, buildSchema(next), '2030-01-31')).toEqual([]);
    expect(await breakingChanges(released, buildSchema(next), '2030-01-30')).toHaveLength(2);
  });
});

describe('who is touched', () => {
  const document = `
    query A($filter: Filter!) { find(filter: $filter) { ... on User { name } } }
    query B { user(id: "1", style: FANCY) { id } find(filter: { words: "x" }) { ...F } }
    fragment F on Tweet { id }
  `;
  const uses = usesOf(released, [{ place: 'here', text: document }]);
  it('is seen in documents that are valid', () => {
    expect(validate(released, parse(document))).toEqual([]);
  });

  const touchedBy = (what: string) =>
    uses.filter(({ mentions }) => mentions.has(what)).map(({ name }) => name);

  it.each<[string, string[]]>([
    ['User.name', ['A (here)']],
    ['User.id', ['B (here)']],
    ['Query.user.style', ['B (here)']],
    ['Style.FANCY', ['B (here)']],
    ['Style', ['B (here)']],
    ['Filter', ['A (here)', 'B (here)']],
    ['Filter.words', ['B (here)']],
    ['Tweet.id', ['F (here)']],
    ['Hit', ['A (here)', 'B (here)']],
    ['Card', []],
  ])('by a change of %s: %j', (what, names) => {
    expect(touchedBy(what)).toEqual(names);
  });
});
