// Counts the seconds until the public random number comes out, then looks again. The page says when without it.
const shown = document.querySelector("[data-seconds]");
const end = performance.now() + Number(shown.dataset.seconds) * 1000;
const two = (number) => String(number).padStart(2, "0");

function tick() {
  const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
  const hours = Math.floor(left / 3600);
  shown.textContent = `${hours ? `${hours}:` : ""}${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
  if (left) return setTimeout(tick, 250);
  return setTimeout(() => location.reload(), 2000);
}

shown.hidden = false;
tick();
