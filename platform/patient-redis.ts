import { Redis } from 'ioredis';

/**
 * Gives a command up after `commandTimeout`, as ioredis does, but never one whose answer is there: a process that was
 * busy for so long reads first what came meanwhile. It would do without Redis just when it has most to do.
 */
export class PatientRedis extends Redis {
  override sendCommand(...[command, stream]: Parameters<Redis['sendCommand']>): unknown {
    command.setTimeout = (ms) => {
      const giveUp = () => command.reject(new Error('Command timed out'));
      // Node reads between its timers and its immediates.
      const timer = setTimeout(() => setImmediate(giveUp), ms);
      const settled = () => clearTimeout(timer);
      command.promise.then(settled, settled);
    };
    return super.sendCommand(command, stream);
  }
}
