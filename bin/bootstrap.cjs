/*
 * node bin/bootstrap.cjs <command> [arguments]
 *
 * What every npm script goes through: installs the dependencies when the lockfile says that they changed, then runs
 * the command on the Node that they pin. Old syntax on purpose: an old Node must get far enough to say so.
 */
'use strict';

var childProcess = require('child_process');
var crypto = require('crypto');
var fs = require('fs');
var path = require('path');

var root = path.join(__dirname, '..');
var modules = path.join(root, 'node_modules');
var stamp = path.join(modules, '.roost-lock');
var installing = path.join(root, '.roost-install');
var needed = 24;
var forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

main(process.argv[2], process.argv.slice(3));

function main(command, args) {
  if (majorVersion() < 18) {
    refuse('Roost starts from Node.js 18 or newer, and this is ' + process.version + '. ' + whereNodeIs());
  }
  var known = command !== undefined && /^[a-z-]+$/.test(command);
  if (!known) refuse('Usage: npm start, npm test, or npm run <command>; "npm run" lists them.');
  if (args.indexOf('--help') >= 0 && printHelp(command)) return;
  install(function () {
    runCommand(command, args);
  });
}

/** Help needs nothing installed and must not wait for it. */
function printHelp(command) {
  var file = path.join(__dirname, 'help', command + '.txt');
  if (!fs.existsSync(file)) return false;
  process.stdout.write(fs.readFileSync(file, 'utf8'));
  return true;
}

function install(next) {
  var hash = lockfileHash();
  if (installed(hash)) return next();
  takeInstallLock(function () {
    // Whoever held the lock before may have done it.
    if (installed(hash)) {
      fs.rmSync(installing, { recursive: true, force: true });
      return next();
    }
    console.log('Installing dependencies, which takes a minute or two …');
    var npm = npmCommand();
    var options = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: npm.shell };
    fs.rmSync(stamp, { force: true });
    // What npm would warn of is about the Node that runs it, not the one that Roost runs on.
    var child = childProcess.spawn(npm.file, npm.args.concat('ci', '--loglevel=error'), options);
    // npm outlives this process if that is killed, and the lock must too.
    if (child.pid) fs.writeFileSync(path.join(installing, 'pid'), String(child.pid));
    supervise(child, function (code) {
      if (code === 0) fs.writeFileSync(stamp, hash);
      fs.rmSync(installing, { recursive: true, force: true });
      if (code === 0) return next();
      console.error('The dependencies could not be installed; npm said why above.');
      process.exitCode = code;
    });
  });
}

function lockfileHash() {
  return crypto
    .createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

/** The stamp tells; failing that, what npm wrote about its last installation, so that a plain `npm ci` counts too. */
function installed(hash) {
  if (readIfThere(stamp) === hash) return true;
  var present = readIfThere(path.join(modules, '.package-lock.json'));
  if (present === null || !samePackages(JSON.parse(present).packages)) return false;
  fs.writeFileSync(stamp, hash);
  return true;
}

function samePackages(present) {
  var wanted = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  var complete = Object.keys(wanted).every(function (name) {
    var here = present[name];
    // Optional packages are those of other platforms; '' is this project.
    if (here === undefined) return name === '' || wanted[name].optional || wanted[name].devOptional;
    return here.version === wanted[name].version && here.integrity === wanted[name].integrity;
  });
  return (
    complete &&
    Object.keys(present).every(function (name) {
      return wanted[name] !== undefined;
    })
  );
}

/** A folder, since making one is atomic everywhere. One left by a process that died is removed. */
function takeInstallLock(taken, told) {
  var owner = path.join(installing, 'pid');
  try {
    fs.mkdirSync(installing);
    fs.writeFileSync(owner, String(process.pid));
    return taken();
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  var pid = Number(readIfThere(owner));
  if (pid ? !isAlive(pid) : olderThan(installing, 5000)) {
    fs.rmSync(installing, { recursive: true, force: true });
    return takeInstallLock(taken, told);
  }
  if (!told) console.log('Waiting for another process (' + pid + ') that installs the dependencies …');
  setTimeout(function () {
    takeInstallLock(taken, true);
  }, 200);
}

function runCommand(command, args) {
  var candidates = [path.join(root, 'bin', command + '.ts'), path.join(root, command, 'main.ts')];
  var file = candidates.find(fs.existsSync);
  if (!file) refuse('There is no command "' + command + '"; "npm run" lists them.');

  var pinned = path.join(modules, '.bin', 'node');
  var node = process.platform === 'linux' && fs.existsSync(pinned) ? pinned : ownNode();
  var env = Object.assign({}, process.env);
  env.PATH = path.join(modules, '.bin') + path.delimiter + (env.PATH || '');
  // The channel carries nothing: it closes when this process dies, however it dies, and the child notices.
  var options = { cwd: process.cwd(), env: env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] };
  // kafkajs computes timers in the past, which harms nobody.
  var nodeArgs = ['--disable-warning=TimeoutNegativeWarning', file].concat(args);
  var child = childProcess.spawn(node, nodeArgs, options);
  child.on('error', function (error) {
    if (node !== pinned) throw error;
    // The pinned Node is for glibc; musl needs a Node of its own.
    pinned = null;
    child = childProcess.spawn(ownNode(), nodeArgs, options);
    supervise(child, end);
  });
  if (child.pid) supervise(child, end);
}

function end(code) {
  process.exitCode = code;
}

/** Passes signals on, and the parent's death as SIGTERM; tells the exit code, 128 + n for a signal as shells do. */
function supervise(child, exited) {
  var parents = ancestry();
  var listeners = forwarded.map(function (signal) {
    var listener = function () {
      child.kill(signal);
    };
    process.on(signal, listener);
    return [signal, listener];
  });
  var watch = setInterval(function () {
    if (ancestry() !== parents) child.kill('SIGTERM');
  }, 500);
  watch.unref();
  child.on('exit', function (code, signal) {
    clearInterval(watch);
    listeners.forEach(function (pair) {
      process.removeListener(pair[0], pair[1]);
    });
    exited(signal ? 128 + require('os').constants.signals[signal] : code);
  });
}

/** Changes when the parent dies, and when npm does, which may have put a shell in between. */
function ancestry() {
  if (!process.env.npm_lifecycle_event) return String(process.ppid);
  var status = readIfThere('/proc/' + process.ppid + '/status') || '';
  return process.ppid + ' ' + (/^PPid:\s*(\d+)/m.exec(status) || [])[1];
}

function ownNode() {
  if (majorVersion() < needed) {
    refuse(
      'Roost needs Node.js ' +
        needed +
        ' or newer on this system, and this is ' +
        process.version +
        '. ' +
        whereNodeIs(),
    );
  }
  return process.execPath;
}

/** The npm that runs this script, if it is one. */
function npmCommand() {
  var running = process.env.npm_execpath;
  if (running && /npm-cli\.c?js$/.test(running))
    return { file: process.execPath, args: [running], shell: false };
  return { file: 'npm', args: [], shell: process.platform === 'win32' };
}

function majorVersion() {
  return Number(process.versions.node.split('.')[0]);
}

function whereNodeIs() {
  return 'Get Node.js ' + needed + ' from https://nodejs.org/en/download and try again.';
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return null;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function olderThan(file, ms) {
  try {
    return Date.now() - fs.statSync(file).mtimeMs > ms;
  } catch (error) {
    return error.code === 'ENOENT';
  }
}

function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}
