import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  getOperationAST,
  Kind,
  OperationTypeNode,
  parse,
  print,
  validate,
  type GraphQLObjectType,
  type SelectionSetNode,
} from 'graphql';
import {
  emptyOperation,
  fieldIn,
  fieldNode,
  firstValue,
  fragmentIn,
  inlineFragment,
  readValue,
  someValue,
  withArgument,
  withInputField,
  withOperation,
  withSelection,
} from './selection.ts';

const schema = buildSchema(`
  type Query { tweet(id: ID!): Tweet, home(first: Int = 20): Connection, search(filter: Filter!): [Hit!], search2(in: [Filter!]!): Hit, like: Liked }
  type Liked { errors: [Hit!]!, tweet: Tweet }
  type Connection { edges: [String], nodes: [Tweet], pageInfo: String }
  type Tweet { text: String!, id: ID!, author: User }
  type User { name: String, tweets(first: Int!): Connection }
  union Hit = Tweet | User
  input Filter { words: String!, kind: Kind!, atMost: Int, deep: Filter }
  enum Kind { NEW OLD }
`);
const query = schema.getQueryType() as GraphQLObjectType;
const field = (name: string, of: GraphQLObjectType = query) => {
  const found = of.getFields()[name];
  if (found === undefined) throw new Error(`No field ${name}`);
  return found;
};
const setOf = (text: string): SelectionSetNode => {
  const operation = getOperationAST(parse(text, { noLocation: true }));
  if (!operation) throw new Error(`No operation in ${text}`);
  return operation.selectionSet;
};
const flat = (set: SelectionSetNode) => print(set).replaceAll(/\s+/g, ' ');

describe('a field that is ticked', () => {
  it.each([
    ['tweet', '{ tweet(id: "") { id } }'],
    ['home', '{ home { nodes { id } } }'],
    ['search', '{ search(filter: {words: "", kind: NEW}) { __typename } }'],
    ['search2', '{ search2(in: []) { __typename } }'],
    ['like', '{ like { tweet { id } } }'],
  ])('%s can be asked for at once: %s', (name, expected) => {
    const set = withSelection(undefined, undefined, fieldNode(field(name)));
    expect(flat(set)).toBe(expected);
    expect(validate(schema, parse(print(set)))).toEqual([]);
  });

  it('stands behind the others, and takes the place of what only filled it', () => {
    const set = setOf('{ tweet(id: "1") { id } }');
    expect(flat(withSelection(set, undefined, fieldNode(field('home'))))).toBe(
      '{ tweet(id: "1") { id } home { nodes { id } } }',
    );
    expect(flat(withSelection(setOf('{ __typename }'), undefined, fieldNode(field('home'))))).toBe(
      '{ home { nodes { id } } }',
    );
  });
});

describe('a field that is ticked no longer', () => {
  it('goes, and the last one leaves what is still valid', () => {
    const set = setOf('{ a b }');
    expect(flat(withSelection(set, fieldIn(set, 'a'), undefined))).toBe('{ b }');
    const last = setOf('{ a }');
    expect(flat(withSelection(last, fieldIn(last, 'a'), undefined))).toBe('{ __typename }');
  });

  it('leaves the same field under another name', () => {
    const set = setOf('{ mine: a a ...F ... on T { c } }');
    expect(flat(withSelection(set, fieldIn(set, 'a'), undefined))).toBe('{ mine: a ...F ... on T { c } }');
    expect(fieldIn(setOf('{ mine: a }'), 'a')).toBeUndefined();
  });
});

it('leads into the types that something may be', () => {
  const set = withSelection(setOf('{ id }'), undefined, inlineFragment('Tweet'));
  expect(flat(set)).toBe('{ id ... on Tweet { __typename } }');
  expect(fragmentIn(set, 'Tweet')).toBeDefined();
  expect(fragmentIn(set, 'User')).toBeUndefined();
});

describe('an argument', () => {
  const tweet = fieldNode(field('tweet'));

  it('is set, changed and taken away', () => {
    const set = withArgument(tweet, 'id', { kind: Kind.STRING, value: 'tweet_1' });
    expect(print(set)).toContain('tweet(id: "tweet_1")');
    expect(print(withArgument(set, 'id', null))).toMatch(/^tweet \{/);
  });

  it('stays where it stands, and so does what is in an input', () => {
    const [filter] = field('search').args;
    const value = filter && someValue(filter.type);
    if (value?.kind !== Kind.OBJECT) throw new Error('It is an input');
    const words = withInputField(value, 'words', { kind: Kind.STRING, value: 'tern' });
    const bounded = withInputField(words, 'atMost', { kind: Kind.INT, value: '3' });
    expect(print(bounded)).toBe('{words: "tern", kind: NEW, atMost: 3}');
    expect(print(withInputField(bounded, 'kind', null))).toBe('{words: "tern", atMost: 3}');
    const two = withArgument(withArgument(tweet, 'id', words), 'first', { kind: Kind.INT, value: '1' });
    expect(print(withArgument(two, 'id', { kind: Kind.STRING, value: 'x' }))).toContain(
      '(id: "x", first: 1)',
    );
  });

  it('begins as what it would be anyway, or as something of its type', () => {
    const [first] = field('home').args;
    expect(first && print(firstValue(first.type, first.defaultValue))).toBe('20');
    const [filter] = field('search').args;
    expect(filter && print(someValue(filter.type))).toBe('{words: "", kind: NEW}');
  });

  it.each([
    ['"x"', '"x"'],
    ['$after', '$after'],
    ['{ a: [1, 2] }', '{a: [1, 2]}'],
    ['"open', undefined],
    ['', undefined],
  ])('%s is read as it is written', (text, expected) => {
    const value = readValue(text);
    expect(value === null ? undefined : print(value)).toBe(expected);
  });
});

describe('an operation in a text', () => {
  it('is written anew where it stands, and nothing else is', () => {
    const text = '# first\nquery A { a } # after\n\nfragment F on T {   x }\n';
    const old = getOperationAST(parse(text)) ?? undefined;
    const next = { ...emptyOperation(OperationTypeNode.QUERY), selectionSet: setOf('{ b }') };
    expect(withOperation(text, old, next)).toBe(
      '# first\nquery MyQuery {\n  b\n} # after\n\nfragment F on T {   x }\n',
    );
  });

  it('is put at the end where there is none', () => {
    expect(withOperation('# only words\n', undefined, emptyOperation(OperationTypeNode.QUERY))).toBe(
      '# only words\n\nquery MyQuery {\n  __typename\n}\n',
    );
    expect(withOperation(' \n', undefined, emptyOperation(OperationTypeNode.MUTATION))).toBe(
      'mutation MyMutation {\n  __typename\n}\n',
    );
  });
});
