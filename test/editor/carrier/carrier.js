// The extension under test is the installed package; this one only brings the tests into its extension host.
let context;

module.exports = {
  activate(given) {
    context = given;
    return { secrets: context.secrets };
  },
};
