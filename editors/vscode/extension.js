// Starts `duixian lsp` for TOML files; everything else is the server's.
const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = () => {
  const settings = workspace.getConfiguration("duixian");
  const lang = settings.get("lang");
  const args = lang ? ["lsp", "--lang", lang] : ["lsp"];
  client = new LanguageClient("duixian", "duixian", { command: settings.get("path"), args }, {
    documentSelector: [{ language: "toml" }],
    synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.toml") },
  });
  return client.start();
};

exports.deactivate = () => client && client.stop();
