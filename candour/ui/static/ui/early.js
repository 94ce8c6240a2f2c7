// Before the page is drawn: tell the stylesheet that there is JavaScript, so that nothing jumps.
document.documentElement.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.documentElement.classList.add("govuk-frontend-supported");
}
