export function bundle(): string;
export function textsOf(name: string, source: string): string[];
