import twitter from 'twitter-text';

export const LIMIT = 280;

/** twitter-text takes quadratic time on hostile text, and the server refuses more than this unseen. */
const MAX_UNITS = 2000;

/** As the server counts: most characters one, ideographs and emoji two, a link 23 however long it is. */
export const weightedLength = (text: string): number =>
  text.length > MAX_UNITS ? text.length : twitter.parseTweet(text.trim().normalize('NFC')).weightedLength;
