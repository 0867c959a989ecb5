/**
 * The same list without room to grow: the engine keeps sixteen free places in a list that something was pushed to, which are most of the
 * memory of the short lists that facts are made of.
 */
export const exact = <T>(list: readonly T[]): T[] => list.slice();
