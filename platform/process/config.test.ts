import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, flag, list, loadConfig, milliseconds, port, url } from './config.ts';

const shape = z.object({
  PORT: port.default(4000),
  DEBUG: flag.default(false),
  DEADLINE_MS: milliseconds.optional(),
  DATABASE_URL: url('postgresql', 'postgres'),
  BROKERS: list.optional(),
});
const database = { DATABASE_URL: 'postgresql://app@localhost/app' };

function faults(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(shape, env);
  } catch (err) {
    expect(err).toBeInstanceOf(ConfigError);
    return (err as ConfigError).message.split('\n');
  }
  return [];
}

describe('loadConfig', () => {
  it('reads each kind of variable', () => {
    const env = {
      ...database,
      PORT: '0',
      DEBUG: 'yes',
      DEADLINE_MS: '1500',
      BROKERS: 'a:1,b:2',
    };
    expect(loadConfig(shape, env)).toEqual({
      ...database,
      PORT: 0,
      DEBUG: true,
      DEADLINE_MS: 1500,
      BROKERS: ['a:1', 'b:2'],
    });
  });

  it('counts an empty variable as unset', () => {
    expect(loadConfig(shape, { ...database, PORT: '', DEBUG: '' })).toMatchObject({
      PORT: 4000,
      DEBUG: false,
    });
  });

  it('names all faults at once, one variable a line', () => {
    expect(
      faults({
        PORT: '70000',
        DEBUG: 'perhaps',
        DEADLINE_MS: '1.5',
        BROKERS: ',',
      }),
    ).toEqual([
      'PORT must be a port, 0 to 65535',
      'DEBUG must be 1 or 0, true or false',
      'DEADLINE_MS must be a whole number of milliseconds',
      'DATABASE_URL is missing',
      'BROKERS must have at least one value',
    ]);
  });

  it('never repeats a value, which may be a secret', () => {
    expect(faults({ DATABASE_URL: 'mysql://root:hunter2@localhost' })).toEqual([
      'DATABASE_URL must be a URL of postgresql or postgres',
    ]);
  });
});
