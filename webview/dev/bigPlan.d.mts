export function partitionedPlan(size: number): string;
export function joinedPlan(size: number): string;
