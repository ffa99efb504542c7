// In place of react-style-singleton, which writes <style> to lock scrolling under a dialog: this page does not scroll,
// and its policy allows no style but the files'.
export const styleSingleton = () => () => null;
