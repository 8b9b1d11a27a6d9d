// A cell as an editor. What it is made of is bundled while the book is built.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The classes of the page's own code, so that an edited cell looks as before.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], class: "k" },
  { tag: [tags.operatorKeyword], class: "ow" },
  { tag: [tags.number], class: "mi" },
  { tag: [tags.string, tags.special(tags.string)], class: "s2" },
  { tag: [tags.comment], class: "c1" },
  { tag: [tags.operator, tags.arithmeticOperator, tags.compareOperator], class: "o" },
  { tag: [tags.function(tags.definition(tags.variableName))], class: "nf" },
  { tag: [tags.bool, tags.null], class: "kc" },
  { tag: [tags.punctuation, tags.separator, tags.paren, tags.squareBracket, tags.brace], class: "p" },
]);

const look = EditorView.theme({
  "&": { color: "var(--pst-color-text-base)", fontSize: "0.8125rem" },
  ".cm-scroller": { fontFamily: "var(--pst-font-family-monospace)", lineHeight: "1.55" },
  ".cm-content": { padding: "0.85rem 0", caretColor: "var(--pst-color-text-base)" },
  ".cm-cursor": { borderLeftColor: "var(--pst-color-text-base)" },
  ".cm-line": { padding: "0 1rem" },
  "&.cm-focused": { outline: "2px solid var(--pst-color-accent)" },
});

export const edit = (place, { source, label, changed, run }) => {
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: source,
      extensions: [
        Prec.highest(keymap.of([{ key: "Shift-Enter", run: () => (run(), true) }])),
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        history(),
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        python(),
        look,
        syntaxHighlighting(colours),
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    get: () => view.state.doc.toString(),
    set: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    close: () => view.destroy(),
  };
};
