import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached, openDataFolder } from './data-folder.ts';

let path = '';
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'roost-data-folder-'));
});
afterEach(() => rmSync(path, { recursive: true }));

/** Holds a port as another program would. */
async function holding(port: number, work: () => Promise<void>): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work();
  } finally {
    server.close();
  }
}

describe('a data folder', () => {
  it('keeps its passwords, and keeps them from others', () => {
    const { passwords } = openDataFolder(path);
    expect(openDataFolder(path).passwords).toEqual(passwords);
    expect(statSync(join(path, 'engines.json')).mode & 0o777).toBe(0o600);
  });

  it('is refused when a newer version wrote it', () => {
    openDataFolder(path);
    const file = join(path, 'engines.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"layout": 1', '"layout": 2'));
    expect(() => openDataFolder(path)).toThrow('written by a newer version of Roost');
  });

  it('remembers ports, a different one for each name', async () => {
    const folder = openDataFolder(path);
    const [redis, kafka] = [await folder.port('redis'), await folder.port('kafka')];
    expect(redis).not.toBe(kafka);
    expect(await openDataFolder(path).port('redis')).toBe(redis);
  });

  it('chooses another port when somebody holds the remembered one', async () => {
    const port = await openDataFolder(path).port('redis');
    await holding(port, async () => {
      const moved = await openDataFolder(path).port('redis');
      expect(moved).not.toBe(port);
      expect(await openDataFolder(path).port('redis')).toBe(moved);
    });
  });

  it('keeps a held port once it is pinned', async () => {
    const folder = openDataFolder(path);
    const port = await folder.port('redis');
    folder.pinPorts();
    await holding(port, async () => {
      await expect(folder.port('redis')).rejects.toThrow('held by another program');
    });
    expect(await folder.port('redis')).toBe(port);
  });
});

describe('the cache', () => {
  it('is filled once', async () => {
    let fills = 0;
    const fill = async (folder: string) => writeFileSync(join(folder, 'jar'), String((fills += 1)));
    const folder = await cached(path, 'kafka', fill);
    expect(await cached(path, 'kafka', fill)).toBe(folder);
    expect(readFileSync(join(folder, 'jar'), 'utf8')).toBe('1');
  });

  it('holds nothing of a fill that failed', async () => {
    const fail = async (folder: string) => {
      writeFileSync(join(folder, 'half'), '');
      throw new Error('offline');
    };
    await expect(cached(path, 'kafka', fail)).rejects.toThrow('offline');
    expect(existsSync(join(path, 'kafka'))).toBe(false);
    expect(readdirSync(path)).toEqual([]);
  });

  it('lets two that fill at the same time both have it', async () => {
    const fill = async (folder: string) => writeFileSync(join(folder, 'jar'), '');
    const folders = await Promise.all([cached(path, 'kafka', fill), cached(path, 'kafka', fill)]);
    expect(new Set(folders)).toEqual(new Set([join(path, 'kafka')]));
    expect(readdirSync(path)).toEqual(['kafka']);
  });
});
