// Makes the pages usable with a keyboard and a screen reader, where mdBook does not.

// Keys scroll a region that is too wide.
const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
        if (target.scrollWidth > target.clientWidth) {
            target.tabIndex = 0;
        } else {
            target.removeAttribute("tabindex");
        }
    }
});
for (const region of document.querySelectorAll("pre > code, .table-wrapper, p:has(img)")) {
    watch.observe(region);
}

// The control that opens the table of contents is a button.
const toggle = document.getElementById("mdbook-sidebar-toggle");
toggle.setAttribute("role", "button");
toggle.tabIndex = 0;
toggle.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        toggle.click();
    }
});
