import { runSubgraph } from '../process.ts';
import { serveAvatar } from './avatar-route.ts';
import { startUserSubgraph } from './user-subgraph.ts';

runSubgraph({ name: 'user', port: 4101, start: startUserSubgraph, routes: { avatars: serveAvatar } });
