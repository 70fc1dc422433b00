import { describe, expect, it } from '@jest/globals';
import { EventQueue } from './event-queue.ts';

function aQueue(limit = 10) {
  const closed: string[] = [];
  const queue = new EventQueue<number>({
    limit,
    overflow: () => new Error('too slow'),
    onClosed: () => closed.push('closed'),
  });
  return { queue, closed };
}
const done = { value: undefined, done: true };

describe('an event queue', () => {
  it('gives events in the order in which they came, however long each takes to be made', async () => {
    const { queue } = aQueue();
    const first = Promise.withResolvers<number>();
    queue.push(first.promise);
    queue.push(2);
    queue.end();
    const read = queue.next();
    first.resolve(1);
    expect([await read, await queue.next(), await queue.next()]).toEqual([
      { value: 1, done: false },
      { value: 2, done: false },
      done,
    ]);
  });

  it('lets go of a reader that waits for an event, and of its source', async () => {
    const { queue, closed } = aQueue();
    const waiting = queue.next();
    expect(await queue.return()).toEqual(done);
    expect(await waiting).toEqual(done);
    queue.push(1);
    expect(await queue.next()).toEqual(done);
    expect(closed).toEqual(['closed']);
  });

  it('lets go of a reader whose event is still being made', async () => {
    const { queue } = aQueue();
    const event = Promise.withResolvers<number>();
    queue.push(event.promise);
    const waiting = queue.next();
    await queue.return();
    event.resolve(1);
    expect(await waiting).toEqual(done);
    expect(await queue.next()).toEqual(done);
  });

  it('gives what waits before it ends with the error of its source', async () => {
    const { queue, closed } = aQueue();
    queue.push(1);
    queue.end(new Error('broke'));
    expect(await queue.next()).toEqual({ value: 1, done: false });
    await expect(queue.next()).rejects.toThrow('broke');
    expect(await queue.next()).toEqual(done);
    expect(closed).toEqual(['closed']);
  });

  it('ends with an error for a reader that left too much unread, and stops the source', async () => {
    const { queue, closed } = aQueue(2);
    for (let i = 0; i < 3; i++) queue.push(i);
    expect(closed).toEqual(['closed']);
    await expect(queue.next()).rejects.toThrow('too slow');
    expect(await queue.next()).toEqual(done);
  });

  it('tells a reader who waits for an event in the making that too much came after it', async () => {
    const { queue } = aQueue(2);
    queue.push(new Promise<number>(() => undefined));
    const waiting = queue.next();
    for (let i = 0; i < 3; i++) queue.push(i);
    await expect(waiting).rejects.toThrow('too slow');
  });
});
