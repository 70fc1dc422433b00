import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'roost-bootstrap-'));
  mkdirSync(join(checkout, 'bin/help'), { recursive: true });
  mkdirSync(join(checkout, 'part'));
  cpSync(join(import.meta.dirname, 'bootstrap.cjs'), join(checkout, 'bin/bootstrap.cjs'));
  writeFileSync(join(checkout, 'bin/help/echo.txt'), 'npm run echo\n');
  write('part/package.json', { name: 'part', version: '1.0.0' });
  // `prepare` runs once per installation.
  const scripts = { prepare: `node -e "require('fs').appendFileSync('installs', '.')"` };
  write('package.json', { name: 'checkout', version: '1.0.0', scripts, dependencies: { part: 'file:part' } });
  lock('1.0.0');
  command('echo', `console.log(process.argv.slice(2).join(' '));`);
});

afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function write(file: string, content: unknown) {
  writeFileSync(join(checkout, file), JSON.stringify(content));
}

function lock(version: string) {
  const packages = {
    '': { name: 'checkout', version, dependencies: { part: 'file:part' } },
    'node_modules/part': { resolved: 'part', link: true },
    part: { version },
  };
  write('package-lock.json', { name: 'checkout', version, lockfileVersion: 3, requires: true, packages });
}

function command(name: string, source: string) {
  writeFileSync(join(checkout, `bin/${name}.ts`), source);
}

function start(...args: string[]) {
  return spawn(process.execPath, [join(checkout, 'bin/bootstrap.cjs'), ...args], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(...args: string[]) {
  const child = start(...args);
  const exit = once(child, 'exit');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await exit) as [number];
  return { code, out, err };
}

const installs = () =>
  existsSync(join(checkout, 'installs')) ? readFileSync(join(checkout, 'installs'), 'utf8').length : 0;

describe('bootstrap', () => {
  it('installs once, for two that start at the same time and for those that come later', async () => {
    const both = await Promise.all([run('echo', 'one'), run('echo', 'two')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both[0].out).toContain('one');
    expect(both[1].out).toContain('two');
    expect((await run('echo', 'later', '--flag')).out).toBe('later --flag\n');
    expect(installs()).toBe(1);
  });

  it('installs again when the lockfile names other packages, and adopts what a plain npm put there', async () => {
    await run('echo');
    rmSync(join(checkout, 'node_modules/.roost-lock'));
    await run('echo');
    expect(installs()).toBe(1);
    write('part/package.json', { name: 'part', version: '2.0.0' });
    lock('2.0.0');
    await run('echo');
    expect(installs()).toBe(2);
  });

  it('heals the lock of an installation whose process is gone', async () => {
    mkdirSync(join(checkout, '.roost-install'));
    writeFileSync(join(checkout, '.roost-install/pid'), '999999999');
    expect((await run('echo', 'hello')).out).toContain('hello');
  });

  it('helps without installing, and says which commands there are not', async () => {
    expect((await run('echo', '--help')).out).toBe('npm run echo\n');
    expect(await run('../etc')).toMatchObject({ code: 1, err: expect.stringContaining('Usage') });
    expect(installs()).toBe(0);
    expect(await run('sing')).toMatchObject({ code: 1, err: expect.stringContaining('no command "sing"') });
  });

  it('passes a signal and the exit code on', async () => {
    command(
      'wait',
      `process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log('up');`,
    );
    const child = start('wait');
    for await (const chunk of child.stdout) if (String(chunk).includes('up')) break;
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([7, null]);
  });

  it('lets the command notice that the bootstrap was killed', async () => {
    command(
      'wait',
      `import { writeFileSync } from 'node:fs';
       process.on('disconnect', () => { console.log('alone'); process.exit(); }); console.log('up');`,
    );
    const child = start('wait');
    let heard = '';
    for await (const chunk of child.stdout) {
      heard += String(chunk);
      if (heard.includes('up')) child.kill('SIGKILL');
    }
    expect(heard).toContain('alone');
  });
});
