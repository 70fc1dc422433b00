import { createStore } from './store.ts';

/** The tab that is shown, by GraphiQL's id: what runs is of this one, also once another is shown. */
export const currentTab = createStore('');
