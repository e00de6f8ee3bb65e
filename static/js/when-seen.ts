// Work that waits while nobody looks: a hidden tab fetches nothing and marks nothing as read.

/** Runs `work` at once when the page is visible, else once as soon as it is. */
export function whenSeen(work: () => void): () => void {
  let waiting = false;
  return () => {
    if (document.visibilityState === 'visible') return work();
    if (waiting) return;
    waiting = true;
    const seen = () => {
      if (document.visibilityState !== 'visible') return;
      document.removeEventListener('visibilitychange', seen);
      waiting = false;
      work();
    };
    document.addEventListener('visibilitychange', seen);
  };
}
