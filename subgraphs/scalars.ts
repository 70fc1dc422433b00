import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const refuse = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** A scalar that is text outside, checked by `read`, which throws for what it does not take. */
const textScalar = <T>(name: string, read: (text: string) => T, write: (value: unknown) => string) =>
  new GraphQLScalarType<T, string>({
    name,
    serialize: write,
    parseValue: (value) => {
      if (typeof value !== 'string') throw refuse(`${name} is written as text.`);
      return read(value);
    },
    parseLiteral: (node) => {
      if (node.kind !== Kind.STRING) throw refuse(`${name} is written as text.`);
      return read(node.value);
    },
  });

/** RFC 3339 in UTC with milliseconds outside, `Date` inside. */
export const DateTime = textScalar(
  'DateTime',
  (text) => {
    const moment = new Date(text);
    if (
      !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text) ||
      Number.isNaN(moment.getTime())
    ) {
      throw refuse('A DateTime looks like 2026-11-21T18:20:00.000Z.');
    }
    return moment;
  },
  (value) => (value as Date).toISOString(),
);

const LONGEST_URL = 2000;

/** An absolute `https` or `http` address, never another: safe to put into a link. */
export const URLScalar = textScalar(
  'URL',
  (text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !['https:', 'http:'].includes(url.protocol) || url.href.length > LONGEST_URL) {
      throw refuse('A URL is an absolute address that begins with https:// or http://.');
    }
    return url.href;
  },
  String,
);

/** A language tag of BCP 47, such as `en` or `pt-BR`. */
export const Language = textScalar(
  'Language',
  (text) => {
    try {
      return new Intl.Locale(text).toString();
    } catch {
      throw refuse('A Language is a tag such as en or pt-BR.');
    }
  },
  String,
);
