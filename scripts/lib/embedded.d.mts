export function bundleEmbedded(folder?: string): Promise<{ host: string; owner: string }>;
