// The page's one form goes on by itself; without scripts, its button does.
const [form] = document.forms;
form.submit();
// Pressed as well, it would post the same code once more, which counts as theft.
form.querySelector('button').disabled = true;
