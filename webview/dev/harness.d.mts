export const dist: string;
export const chromium: { executablePath: string; args: string[] };
export function themeNames(): Promise<string[]>;
export function servePages(): Promise<{ url(page: string, theme: string): string; close(): Promise<void> }>;
