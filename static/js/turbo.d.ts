// What we use of Turbo, which ships no types.
declare module '@hotwired/turbo' {
  export interface MorphOptions {
    callbacks?: { beforeNodeMorphed?: (current: Node, next: Node) => boolean };
  }
  export function morphElements(
    current: Element,
    next: Element | NodeListOf<ChildNode>,
    options?: MorphOptions,
  ): void;
  export function morphChildren(current: Element, next: Element, options?: MorphOptions): void;
  export function visit(location: string, options?: { action?: 'advance' | 'replace' }): void;
  export const config: { drive: { progressBarDelay: number } };
}
