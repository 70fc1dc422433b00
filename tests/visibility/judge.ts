import { getNamedType, isLeafType, isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { fieldsOf, RULES, type Rule } from './expectations.ts';
import { withoutType } from './selection.ts';
import type { Viewer, World } from './world.ts';

type Json = null | boolean | number | string | Json[] | { [field: string]: Json };
type Objects = Record<string, Json>;

/** Reads answers field by field, and says what is in them that their viewer should not get, or misses. */
export interface Judge {
  /** @param from says the way, for whoever reads the fault. */
  read(viewer: Viewer, typeName: string, object: Objects, from: string): void;
  /** Sentences, each once: what is wrong by several ways is told of the first. */
  faults(): string[];
  /** `Type.field` of all that was in an answer, null or not. */
  met: Set<string>;
  /** How many answers were held against what Nell got. */
  compared(): number;
}

/**
 * Read what Nell gets first: it is what the others’ answers are held against.
 * @param isStill false while things happen: then one answer is not held against another.
 */
export function createJudge(schema: GraphQLSchema, world: World, isStill = true): Judge {
  const ruleOf = new Map(
    Object.keys(RULES).flatMap((rule) => fieldsOf(rule as Rule).map((path) => [path, rule as Rule] as const)),
  );
  const everything = new Map<string, string>();
  const faults = new Map<string, string>();
  const met = new Set<string>();
  let compared = 0;

  /** Whether it belongs into a list of the viewer's. */
  function isListed(viewer: Viewer, id: string): boolean {
    const person = world.names.get(id);
    return world.mayHave(viewer, id) && (person === undefined || !world.apart(viewer, person));
  }

  function read(viewer: Viewer, type: GraphQLObjectType, object: Objects, key: string, from: string): void {
    const id = typeof object['id'] === 'string' ? object['id'] : null;
    const fault = (what: string) => {
      const who = viewer ?? 'somebody signed out';
      const known = `${who}, ${id ?? key}, ${what}`;
      if (!faults.has(known)) faults.set(known, `${who}, ${key}: ${what}, by ${from}`);
    };
    // Of people and other kinds an id alone is echoed: nobody was asked whether they are there.
    const isAlone = type.name !== 'Tweet' && Object.keys(object).length <= 2;
    if (id !== null && type.name !== 'TweetTombstone' && !isAlone && !world.mayHave(viewer, id))
      fault(`gets the ${type.name} ${nameOf(id)}`);
    if (id !== null && type.name === 'TweetTombstone' && world.mayHave(viewer, id))
      fault(`misses the tweet ${nameOf(id)}`);
    const here = id === null ? key : `${type.name} ${nameOf(id)}`;
    for (const [alias, value] of Object.entries(object)) {
      const name = withoutType(alias);
      const field = type.getFields()[name];
      if (field === undefined) continue;
      const path = `${type.name}.${name}`;
      met.add(path);
      judge({ viewer, path, id, value, edges: object['edges'], key: `${here}.${name}`, fault });
      const target = getNamedType(field.type);
      if (isLeafType(target)) continue;
      for (const [at, each] of (Array.isArray(value) ? value : [value]).entries()) {
        if (each === null || typeof each !== 'object' || Array.isArray(each)) continue;
        const actual = schema.getType(
          typeof each['__typename'] === 'string' ? each['__typename'] : target.name,
        );
        const place = Array.isArray(value) ? `[${at}]` : '';
        if (isObjectType(actual)) read(viewer, actual, each, `${here}.${name}${place}`, from);
      }
    }
  }

  function judge({ viewer, path, id, value, edges, key, fault }: Judged): void {
    const rule = ruleOf.get(path);
    const isNull = value === null;
    const expectNull = (expected: boolean) => {
      if (isNull !== expected) fault(isNull ? `${path} is null` : `${path} is not null`);
    };
    switch (rule) {
      case 'same':
        return hold(viewer, key, JSON.stringify(outline(value)), fault);
      case 'members':
      case 'doers': {
        const members = membersOf(value);
        if (viewer === 'nell') return hold(viewer, key, JSON.stringify(members), fault);
        const all = everything.get(key);
        if (all === undefined) return;
        compared += 1;
        const expected = (JSON.parse(all) as string[]).filter((member) =>
          rule === 'doers' ? world.sees(viewer, world.names.get(member) ?? 'dee') : isListed(viewer, member),
        );
        if (members.join() !== expected.join())
          fault(`${names(members)} are in it, ${names(expected)} should be`);
        return;
      }
      case 'people':
        for (const member of membersOf(value))
          if (!isListed(viewer, member)) fault(`${nameOf(member)} is in it`);
        return;
      case 'counted':
        if (!Array.isArray(edges) || value !== edges.length) fault(`is ${JSON.stringify(value)}`);
        return;
      case 'seers': {
        const sees = world.sees(viewer, world.names.get(id ?? '') ?? 'dee');
        // Who has pinned nothing has nothing to show.
        if (path === 'User.pinnedTweet' && !Object.hasOwn(world.tweets, world.names.get(id ?? '') ?? ''))
          return;
        return expectNull(!sees);
      }
      case 'author':
        if (world.authors.get(id ?? '') !== viewer) expectNull(true);
        return;
      case 'signedIn':
        return expectNull(viewer === null);
      case 'flag': {
        const expected = world.flags[path]?.(viewer, id ?? '');
        const actual = typeof value === 'boolean' ? value : !isNull;
        if (expected === undefined) fault(`nobody said when ${path} is true`);
        else if (actual !== expected) fault(`is ${JSON.stringify(value)}`);
        return;
      }
      case undefined:
        return fault(`${path} has no row`);
      // What it is in tells it, or another test.
      case 'named':
      case 'own':
      case 'part':
      case 'told':
      case 'live':
      case 'change':
      case 'changeOfTweet':
      case 'open':
        return;
    }
  }

  /** The first who gets it says what it is. */
  function hold(viewer: Viewer, key: string, value: string, fault: (what: string) => void): void {
    const known = everything.get(key);
    if (known === undefined) {
      if (viewer === 'nell' && isStill) everything.set(key, value);
      return;
    }
    compared += 1;
    if (known !== value) fault(`is ${value}, but ${known} for others`);
  }

  const nameOf = (id: string): string => {
    const author = world.authors.get(id);
    return world.names.get(id) ?? (author === undefined ? id : `${author}'s ${id}`);
  };
  const names = (members: string[]) => `[${members.map(nameOf).join(', ')}]`;

  return {
    read: (viewer, typeName, object, from) => {
      const type = schema.getType(typeName);
      if (!isObjectType(type)) throw new Error(`${typeName} is no type.`);
      read(viewer, type, object, typeName, from);
    },
    faults: () => [...faults.values()],
    met,
    compared: () => compared,
  };
}

interface Judged {
  viewer: Viewer;
  path: string;
  /** Of the object that has the field. */
  id: string | null;
  value: Json;
  /** Of the object that has the field, when it is a page of a list. */
  edges: Json | undefined;
  /** What it is, whichever way it was got. */
  key: string;
  fault(what: string): void;
}

/** Things by their ids, and lists by their length: what is in them is judged by itself. */
function outline(value: Json): Json {
  if (Array.isArray(value)) return value.map(outline);
  if (value === null || typeof value !== 'object') return value;
  if ('id' in value) return value['id'] ?? null;
  if ('node' in value) return outline(value['node'] ?? null);
  return '…';
}

/** Ids of what a list holds, whatever their order. Tombstones hold a place and are no members. */
function membersOf(value: Json): string[] {
  const list = Array.isArray(value) ? value : [];
  return list
    .flatMap((each) => {
      if (each === null || typeof each !== 'object' || Array.isArray(each)) return [];
      const node = each['node'] ?? each['user'] ?? each;
      if (node === null || typeof node !== 'object' || Array.isArray(node)) return [];
      return node['__typename'] === 'TweetTombstone' || typeof node['id'] !== 'string' ? [] : [node['id']];
    })
    .toSorted();
}
