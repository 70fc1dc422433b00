import { connectionOf, cursorOf, pageOf } from '../../connection.ts';
import { rowId } from '../../global-id.ts';
import { hashtagNamed } from '../hashtag.ts';
import type { HashtagResolvers } from '../schema.generated.ts';
import { hashtagOf } from './references.ts';
import { seenEdges } from './seen-edges.ts';

export const Hashtag: HashtagResolvers = {
  __resolveReference: ({ id }) => {
    const known = hashtagNamed(rowId('hashtag', id));
    return known === null ? null : hashtagOf(known);
  },
  url: ({ name }, _, { addressOf }) => addressOf('hashtags', name),
  tweetCount: ({ name }, _, { loaders }) => loaders.hashtagCount.load(name),
  tweets: async ({ name }, args, { loaders }) => {
    // The name itself may hold anything that a word may: its cursors say it in a form without spaces.
    const list = `hashtag-${encodeURIComponent(name)}`;
    const page = pageOf(list, args);
    const rows = await seenEdges(await loaders.tagged.load(name, page), (id) => id, loaders);
    return connectionOf(page, rows, ({ row, node }) => ({ cursor: cursorOf(list, row), node }));
  },
};
