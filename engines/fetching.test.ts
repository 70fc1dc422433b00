import { describe, expect, it } from '@jest/globals';
import { librariesIn } from './apt.ts';
import { reasonOf, turns } from './command.ts';
import { javaMajor } from './java.ts';
import { serverInJar } from './redis-server.ts';

describe('what is found on a machine', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['Picked up _JAVA_OPTIONS: -Xmx1g\njava version "1.8.0_412"', 8],
    ['sh: java: not found', 0],
  ])('reads %j as Java %d', (printed, major) => {
    expect(javaMajor(printed)).toBe(major);
  });

  it("takes libraries, but never C's, from what apt says a package depends on", () => {
    const printed = `redis-server
  PreDepends: init-system-helpers
  Depends: lsb-base
  Depends: redis-tools
redis-tools
  Depends: adduser
  Depends: libc6
  Depends: libjemalloc2
 |Depends: libsystemd0
  Depends: lua-cjson
  Suggests: ruby-redis
redis-tools
  Depends: libjemalloc2
`;
    expect(librariesIn(printed)).toEqual(['libjemalloc2', 'libsystemd0', 'lua-cjson']);
  });

  it('picks the server of this machine out of the jar', () => {
    const names = [
      'META-INF',
      'redis-server-5.0.14.1-windows-amd64.exe',
      'redis-server-6.2.6-v5-linux-amd64',
      'redis-server-6.2.6-v5-darwin-arm64',
      'redis-server-6.2.7-linux-386',
    ];
    expect(serverInJar(names, 'linux', 'x64')).toBe('redis-server-6.2.6-v5-linux-amd64');
    expect(serverInJar(names, 'darwin', 'arm64')).toBe('redis-server-6.2.6-v5-darwin-arm64');
    expect(serverInJar(names, 'linux', 'riscv64')).toBeNull();
  });
});

describe('commands', () => {
  it('say in a line why they failed', () => {
    const error = Object.assign(new Error('Command failed'), {
      stderr: 'Reading lists\nE: Unable to locate package valkey\nbye\n',
    });
    expect(reasonOf(error)).toBe('E: Unable to locate package valkey');
    expect(reasonOf(new Error('spawn mvn ENOENT'))).toBe('spawn mvn ENOENT');
  });

  it('take turns, also after one that failed', async () => {
    const inTurn = turns();
    const order: string[] = [];
    const failing = inTurn(async () => {
      await Promise.resolve();
      order.push('first');
      throw new Error('no');
    });
    const second = inTurn(async () => order.push('second'));
    await expect(failing).rejects.toThrow('no');
    await second;
    expect(order).toEqual(['first', 'second']);
  });
});
