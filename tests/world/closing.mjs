// What is taken away from a running server is gone within a second.
import assert from 'node:assert/strict';

/** Asks until a door is closed. When it was asked counts: how long the answer took says more of the machine than of the door. */
export async function closesWithinASecond(door, isOpen, since) {
  for (;;) {
    const asked = Date.now();
    if (!(await isOpen())) return;
    assert.ok(asked - since < 1000, `${door} was open a second later`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
