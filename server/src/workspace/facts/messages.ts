/** Main thread → worker: texts to compute facts of. */
export interface FactsRequest {
  readonly texts: readonly string[];
}

/** Worker → main thread, in the order of the request. JSON text goes to the cache as it is. */
export type FactsAnswer = readonly ({ readonly json: string } | { readonly failed: string })[];
