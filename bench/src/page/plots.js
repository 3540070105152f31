/** Draws the plots of the page: a dot for each median, a bar from the lowest to the highest round. Runs in a browser. */
/* global uPlot, document, window, matchMedia, getComputedStyle, requestAnimationFrame */
(() => {
  const reports = JSON.parse(document.getElementById('results').textContent);
  const ROW = 26;
  const LONGEST = 46;
  const FONT = '12px system-ui, sans-serif';
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // What tells two of them apart mostly stands at the end.
  const short = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 9)}…${text.slice(-8)}` : text);

  const drawn = (what, { median, low, high }) => ({ what, median, low, high });

  /** What a section shows: ratios where there are any, else the unit that most rows have. */
  function chosen({ rows: all, ratioTo }) {
    // Where nothing was found, JSON has null.
    const rows = all.filter(({ value, ratio = value }) => value.high !== null && ratio.high !== null);
    // The upstream is so much faster, to be no limit, that all others would be dots at the edge: it is in the table.
    const withRatio = rows.filter(
      ({ what, ratio }) => ratio !== undefined && !/^(?:the upstream itself|upstream,)/.test(what),
    );
    // What the ratios are to is 1 in each round: a line, not a row.
    const others = withRatio.filter(({ ratio }) => ratio.low !== 1 || ratio.high !== 1);
    if (others.length > 0) {
      // Parts of a sum are far from all of it.
      const line = ratioTo === 'sum' ? undefined : 1;
      return { caption: `times ${ratioTo}`, line, rows: others.map(({ what, ratio }) => drawn(what, ratio)) };
    }
    const units = rows.map(({ unit }) => unit);
    const unit = units.toSorted(
      (a, b) => units.filter((one) => one === b).length - units.filter((one) => one === a).length,
    )[0];
    const same = rows.filter((row) => row.unit === unit);
    return { caption: unit, rows: same.map(({ what, value }) => drawn(what, value)) };
  }

  function drawRows(plot, rows, line) {
    const { ctx } = plot;
    const scale = window.devicePixelRatio || 1;
    const x = (value) => plot.valToPos(value, 'y', true);
    const y = (index) => plot.valToPos(index, 'x', true);
    ctx.save();
    if (line !== undefined && line <= plot.scales.y.max) {
      ctx.strokeStyle = colour('--soft');
      ctx.lineWidth = scale;
      ctx.setLineDash([4 * scale, 4 * scale]);
      ctx.beginPath();
      ctx.moveTo(x(line), plot.bbox.top);
      ctx.lineTo(x(line), plot.bbox.top + plot.bbox.height);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    ctx.lineCap = 'round';
    rows.forEach(({ median, low, high }, index) => {
      ctx.strokeStyle = colour('--spread');
      ctx.lineWidth = 6 * scale;
      ctx.beginPath();
      ctx.moveTo(x(low), y(index));
      ctx.lineTo(x(high), y(index));
      ctx.stroke();
      ctx.fillStyle = colour('--mark');
      ctx.beginPath();
      ctx.arc(x(median), y(index), 4.5 * scale, 0, 2 * Math.PI);
      ctx.fill();
    });
    ctx.restore();
  }

  function widest(labels) {
    const context = document.createElement('canvas').getContext('2d');
    context.font = FONT;
    return Math.max(...labels.map((label) => context.measureText(label).width));
  }

  function draw(place) {
    const [name, index] = place.dataset.place.split(':');
    const { caption, line, rows } = chosen(reports[name].sections[Number(index)]);
    if (rows.length === 0) return;
    const labels = rows.map(({ what }) => short(what));
    const top = Math.max(line ?? 0, ...rows.map(({ high }) => high));
    const axis = { stroke: colour('--soft'), font: FONT, ticks: { show: false } };
    const grid = { stroke: colour('--line'), width: 1 };
    place.replaceChildren();
    const told = document.createElement('div');
    told.className = 'caption';
    told.textContent = caption;
    place.append(told);
    const width = place.clientWidth;
    const options = {
      width,
      height: rows.length * ROW + 34,
      padding: [4, 14, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, ori: 1, dir: -1, range: [-0.5, rows.length - 0.5] },
        y: { ori: 0, dir: 1, range: [Math.min(0, ...rows.map(({ low }) => low)), top * 1.05 || 1] },
      },
      axes: [
        {
          ...axis,
          scale: 'x',
          side: 3,
          gap: 8,
          grid: { show: false },
          size: Math.min(widest(labels) + 16, width * 0.6),
          splits: () => rows.map((_, at) => at),
          values: (_plot, splits) => splits.map((at) => labels[at]),
        },
        { ...axis, scale: 'y', side: 2, size: 28, grid },
      ],
      series: [{}, { show: true, paths: () => null, points: { show: false } }],
      hooks: { draw: [(plot) => drawRows(plot, rows, line)] },
    };
    // eslint-disable-next-line no-new -- a plot puts itself on the page
    new uPlot(options, [rows.map((_, at) => at), rows.map(({ median }) => median)], place);
  }

  const drawAll = () => document.querySelectorAll('.plot').forEach(draw);
  drawAll();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  let width = window.innerWidth;
  window.addEventListener('resize', () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    requestAnimationFrame(drawAll);
  });
})();
