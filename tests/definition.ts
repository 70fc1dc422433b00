import pg from 'pg';
import { rowId } from '../subgraphs/global-id.ts';
import { edgeCursor } from '../subgraphs/timeline/cursors.ts';
import { homeTimelineByDefinition } from '../subgraphs/timeline/oracle.ts';

/** The cursors of somebody's home timeline as its definition says, newest first: what the API must give. */
export async function definedHome(adminUrl: string, { id }: { id: string }): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return (await homeTimelineByDefinition(client, rowId('user', id))).map(edgeCursor);
  } finally {
    await client.end();
  }
}
