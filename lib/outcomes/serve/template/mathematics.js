// Voilà's front end loads a program that sets formulas. Pages have none: this stands in its place.
window.MathJax = {
  Ajax: {},
  Hub: { Config() {}, Configured() {}, Queue() {}, Register: { StartupHook() {} } },
};
