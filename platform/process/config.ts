import { z } from 'zod';

/** A process's settings are wrong. The message has one line per variable and is meant to be printed as it stands. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads the variables that `shape` names, once, at the start of a process. An empty string counts as unset.
 * All faults are thrown together as one `ConfigError`; values never appear in it, since some are secrets.
 */
export function loadConfig<S extends z.ZodObject>(
  shape: S,
  env: NodeJS.ProcessEnv = process.env,
): z.infer<S> {
  const given = Object.fromEntries(
    Object.keys(shape.shape).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, code, message }) => {
    const [name] = path;
    if (name === undefined) return message;
    const missing = code === 'invalid_type' && given[String(name)] === undefined;
    return `${String(name)} ${missing ? 'is missing' : message}`;
  });
  throw new ConfigError(lines.join('\n'));
}

/** A TCP port; 0 lets the system choose. */
export const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port, 0 to 65535');

/** On or off: 1, true, yes, on, or their opposites. */
export const flag = z.stringbool({
  truthy: ['1', 'true', 'yes', 'on'],
  falsy: ['0', 'false', 'no', 'off'],
  error: ({ input }) => (input === undefined ? undefined : 'must be 1 or 0, true or false'),
});

/** A whole number of milliseconds. */
export const milliseconds = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number of milliseconds')
  .transform(Number);

/** One URL of one of the given schemes, as text. */
export const url = (...schemes: string[]) =>
  z.string().refine((value) => schemes.includes(schemeOf(value)), `must be a URL of ${schemes.join(' or ')}`);

/** One or more values separated by commas, in their order; blanks around them are dropped. */
export const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .refine((values) => values.length > 0, 'must have at least one value');

const schemeOf = (value: string) => (URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : '');
