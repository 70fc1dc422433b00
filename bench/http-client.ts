import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** The same lean client for everything that is compared: kept connections, and nothing parsed. */
export interface HttpClient {
  get(path: string): Promise<string>;
  /** Asks `/graphql`, signed out without a token. Rejects unless the answer has data and no errors. */
  ask(operation: { query: string; variables?: object }, token?: string): Promise<string>;
  close(): void;
}

export function createHttpClient(origin: string, connections: number): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });

  function exchange(path: string, token?: string, body?: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const asking = request(
      `${origin}${path}`,
      { agent, method: body === undefined ? 'GET' : 'POST', headers },
      (response) => {
        text(response).then((answer) => {
          if (response.statusCode === 200) resolve(answer);
          else reject(new Error(`${path} answered ${response.statusCode}: ${answer.slice(0, 500)}`));
        }, reject);
      },
    );
    asking.on('error', reject);
    asking.end(body);
    return promise;
  }

  return {
    get: (path) => exchange(path),
    ask: async (operation, token) => {
      const answer = await exchange('/graphql', token, JSON.stringify(operation));
      if (answer.includes('"errors":[{'))
        throw new Error(`An operation was refused: ${answer.slice(0, 500)}`);
      return answer;
    },
    close: () => agent.destroy(),
  };
}
