// Turbo makes a style element for its progress bar while it is being imported, which our policy would refuse with an error on
// the console of every page. This module is imported before Turbo; after-turbo.ts takes it back.
const head = document.head;

head.insertBefore = function insertAllButStyles<T extends Node>(node: T, before: Node | null): T {
  return node instanceof HTMLStyleElement
    ? node
    : (Node.prototype.insertBefore.call(head, node, before) as T);
};
