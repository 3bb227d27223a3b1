/** What the thread of a neighbour does, in the word that it shares: apart from it, because both sides import this. */
export const STATE = { asked: 0, walking: 1, done: 2 } as const;
