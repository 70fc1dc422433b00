import { once } from 'node:events';
import { connect } from 'node:net';

/** Metadata (key 3), version 1, correlation 1, of no client and no topic; after its length, all big-endian. */
const request = Buffer.from('0000000e0003000100000001ffff00000000', 'hex');
/** The length, the correlation and the number of brokers, four bytes each. */
const answerBytes = 12;

/**
 * Whether the broker knows of a broker that serves clients: itself, once its controller let it in. Rejects when it
 * cannot be reached. (By hand, as kafkajs was seen never to settle while a broker comes up.)
 */
export async function kafkaAnswers(broker: string): Promise<boolean> {
  const [host = '', port] = broker.split(':');
  const socket = connect(Number(port), host);
  try {
    await once(socket, 'connect');
    socket.write(request);
    let answer = Buffer.alloc(0);
    for await (const bytes of socket as AsyncIterable<Buffer>) {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length >= answerBytes) return answer.readInt32BE(8) > 0;
    }
    return false;
  } finally {
    socket.destroy();
  }
}
