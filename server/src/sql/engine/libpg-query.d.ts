/** The emscripten module inside libpg-query; the package's own typings cover only its wrapper, which has no way to start afresh. */
declare module "libpg-query/wasm/libpg-query.js" {
  interface PgQueryInstance {
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _wasm_parse_query_raw(text: number): number;
    _wasm_free_parse_result(result: number): void;
    _wasm_scan(text: number): number;
    _wasm_fingerprint(text: number): number;
    _wasm_normalize_query(text: number): number;
    _wasm_parse_plpgsql(text: number): number;
    _wasm_free_string(text: number): void;
    getValue(pointer: number, type: "i32"): number;
    UTF8ToString(pointer: number): string;
    stringToUTF8(text: string, pointer: number, bytes: number): void;
    lengthBytesUTF8(text: string): number;
  }
  interface PgQueryOptions {
    /** Called instead of reading the file. */
    instantiateWasm?(imports: object, done: (instance: object) => void): void;
  }
  const load: (options?: PgQueryOptions) => Promise<PgQueryInstance>;
  export default load;
}
