/** First object id that is not PostgreSQL's own. */
export const firstUserOid = 16384;
