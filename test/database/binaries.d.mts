export type Major = 13 | 15 | 18;
export const root: string;
export const embedded: Readonly<Record<13 | 18, string>>;
export const debianPackages: readonly string[];
export function home(major: Major): string;
export function isReady(major: Major): boolean;
export function packageName(): string;
export function cacheFolder(version: string): string;
export const pgbouncer: string;
