import signIn from '../operations/1-sign-in.graphql';
import signInVariables from '../operations/1-sign-in.json';
import home from '../operations/2-home.graphql';
import post from '../operations/3-post.graphql';
import postVariables from '../operations/3-post.json';
import homeLive from '../operations/4-home-live.graphql';
import lookAround from '../operations/5-look-around.graphql';
import lookAroundVariables from '../operations/5-look-around.json';

/** The tabs that somebody finds on the first visit, in the order in which to try them. */
export const savedOperations = [
  { query: signIn, variables: JSON.stringify(signInVariables, null, 2) },
  { query: home },
  { query: post, variables: JSON.stringify(postVariables, null, 2) },
  { query: homeLive },
  { query: lookAround, variables: JSON.stringify(lookAroundVariables, null, 2) },
] as const;
