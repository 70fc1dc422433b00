'use client';

import { ApolloLink, HttpLink, Observable } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { OperationTypeNode } from 'graphql';
import { createContext, use, useState, useSyncExternalStore, type ReactNode } from 'react';
import { createClient } from './client.ts';
import { documentIdOf, post } from './persisted.ts';
import { createSocket, type Socket, type SocketStatus } from './socket.ts';

/** In the browser. Undefined on the server, which renders what was preloaded and asks for nothing. */
const SocketContext = createContext<Socket | undefined>(undefined);

/** Gives the page its Apollo client and its socket: one of each per tab. */
export function Apollo({ children }: { children: ReactNode }) {
  const [{ client, socket }] = useState(connect);
  return (
    <SocketContext value={socket}>
      <ApolloProvider client={client}>{children}</ApolloProvider>
    </SocketContext>
  );
}

function connect() {
  if (typeof window === 'undefined') return { client: createClient(silent), socket: undefined };
  const socket = createSocket(`${location.origin.replace(/^http/, 'ws')}/graphql`, window);
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    socket.link,
    overHttp(),
  );
  return { client: createClient(link), socket };
}

/** Apollo's own link has no place for a documentId: it goes along among the extensions as far as its `fetch`. */
function overHttp(): ApolloLink {
  const named = new ApolloLink((operation, forward) => {
    operation.extensions['documentId'] = documentIdOf(operation.query);
    operation.setContext({ http: { includeExtensions: true } });
    return forward(operation);
  });
  const http = new HttpLink({
    uri: '/graphql',
    credentials: 'same-origin',
    fetch: (_, init) => {
      const { extensions, query, ...rest } = JSON.parse(init?.body as string) as Said;
      return post('/graphql', { ...rest, query, documentId: extensions.documentId }, init ?? {});
    },
  });
  return ApolloLink.from([named, http]);
}

interface Said {
  query: string;
  extensions: { documentId?: string };
}

const silent = new ApolloLink(() => new Observable(() => undefined));

/** Whether live updates arrive. `live` on the server and until the first subscription finds otherwise. */
export function useSocketStatus(): SocketStatus {
  const socket = use(SocketContext);
  return useSyncExternalStore(socket?.onStatus ?? (() => () => undefined), socket?.status ?? isLive, isLive);
}

const isLive = (): SocketStatus => 'live';
