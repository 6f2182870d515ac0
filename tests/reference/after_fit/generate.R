# What lavaan says after a fit: modification indices, score tests, residuals, factor scores, nested tests.
# Run in this folder: Rscript generate.R   (R 4.2.2, lavaan 0.6-14, semTools 0.5-6)
suppressPackageStartupMessages({
  library(lavaan)
  library(semTools)
})
options(digits = 15, warn = 1)
hs <- read.csv("../holzinger/data.csv")
pd <- read.csv("../political_democracy/data.csv")
# one answer in ten is taken out, none of them depending on another
set.seed(20)
items <- paste0("x", 1:9)
holes <- hs[items]
holes[matrix(runif(nrow(hs) * 9) < 0.1, nrow(hs))] <- NA
write.csv(holes, "missing.csv", row.names = FALSE, na = "")

three <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\n"
models <- list(
  three = three,
  second = paste0(three, "g =~ visual + textual + speed\n"),
  covariates = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nf ~ x7 + x8\ng ~ f + x7\nx9 ~ g + x8\n",
  labels = paste0(
    "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + a*y2 + b*y3 + c*y4\ndem65 =~ y5 + a*y6 + b*y7 + c*y8\n",
    "dem60 ~ ind60\ndem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\n"
  ),
  linear = paste0(
    "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + c*x5 + d*x6\nspeed =~ x7 + e*x8 + f*x9\n",
    "a == b\nc + d == 2*e\nf == 1.2*e + 0.1\n"
  )
)
for (name in names(models)) cat(models[[name]], file = paste0(name, ".txt"))

save <- function(table, name) write.csv(format_all(table), paste0(name, ".csv"), row.names = FALSE)
format_all <- function(table) {
  table <- as.data.frame(table)
  for (column in names(table)) {
    if (is.numeric(table[[column]])) {
      values <- table[[column]]
      table[[column]] <- ifelse(is.na(values), "", formatC(values, digits = 15, format = "g", width = 1))
    }
  }
  table
}
long <- function(residuals, name) {
  groups <- if (is.null(names(residuals)) || "type" %in% names(residuals)) list(residuals) else residuals
  rows <- NULL
  for (g in seq_along(groups)) {
    r <- groups[[g]]
    for (what in setdiff(names(r), c("type", "summary"))) {
      m <- unclass(r[[what]])
      if (is.matrix(m)) {
        k <- which(lower.tri(m, diag = TRUE), arr.ind = TRUE)
        rows <- rbind(rows, data.frame(group = g, what, lhs = rownames(m)[k[, 2]], rhs = rownames(m)[k[, 1]], value = m[k]))
      } else {
        rows <- rbind(rows, data.frame(group = g, what, lhs = names(m), rhs = "", value = as.numeric(m)))
      }
    }
  }
  save(rows, name)
}
scores_of <- function(fit, name) {
  for (kind in c("regression", "Bartlett")) {
    found <- lavPredict(fit, method = kind)
    if (!is.list(found)) found <- list(found)
    rows <- do.call(rbind, lapply(seq_along(found), function(g) cbind(group = g, as.data.frame(unclass(found[[g]])))))
    save(rows, paste0(name, "_scores_", tolower(kind)))
  }
}
after <- function(fit, name, release = FALSE) {
  found <- modindices(fit)
  save(found[, intersect(c("lhs", "op", "rhs", "group", "mi", "epc", "sepc.lv", "sepc.all", "sepc.nox"), names(found))], paste0(name, "_mi"))
  long(lavResiduals(fit, type = "cor.bentler", se = TRUE, zstat = TRUE, summary = FALSE), paste0(name, "_residuals"))
  scores_of(fit, name)
  if (release) {
    t <- suppressWarnings(lavTestScore(fit, epc = TRUE))
    pt <- parTable(fit)
    label <- paste(pt$lhs, pt$op, pt$rhs)
    label <- ifelse(pt$group > 1, paste0(trimws(label), ".g", pt$group), trimws(label))
    names(label) <- pt$plabel
    u <- t$uni
    u$first <- ifelse(u$lhs %in% names(label), label[u$lhs], u$lhs)
    u$second <- ifelse(u$rhs %in% names(label), label[u$rhs], u$rhs)
    save(u, paste0(name, "_release"))
    save(t$test, paste0(name, "_release_total"))
    save(t$epc[, intersect(c("lhs", "op", "rhs", "group", "est", "epc", "epv"), names(t$epc))], paste0(name, "_release_epc"))
  }
}

after(cfa(models$three, hs), "three")
after(cfa(models$three, hs, std.lv = TRUE, meanstructure = TRUE), "three_std")
after(cfa(models$three, holes, missing = "ml"), "three_missing")
after(cfa(models$three, hs, estimator = "MLR"), "three_mlr")
after(cfa(models$second, hs), "second")
after(sem(models$covariates, hs), "covariates")
after(sem(models$labels, pd), "labels", release = TRUE)
after(cfa(models$linear, hs), "linear", release = TRUE)
scalar <- function(...) {
  cfa(models$three, hs, group = "school", group.equal = c("loadings", "intercepts"), group.partial = "x3 ~ 1", ...)
}
after(scalar(), "scalar", release = TRUE)

nested <- function(estimator, data, name, ...) {
  fits <- list(
    configural = cfa(models$three, data, group = "school", estimator = estimator, ...),
    metric = cfa(models$three, data, group = "school", group.equal = "loadings", estimator = estimator, ...),
    scalar = scalar(estimator = estimator)
  )
  for (method in c("default", "satorra.bentler.2001", "satorra.bentler.2010")) {
    if (estimator == "ML" && method != "default") next
    if (method == "default" && estimator != "ML") next
    t <- lavTestLRT(fits$configural, fits$metric, fits$scalar, method = method)
    names(t) <- c("df", "aic", "bic", "chi_square", "difference", if (estimator == "ML") "rmsea", "df_difference", "p")
    save(cbind(model = names(fits), t), paste0("nested_", name, "_", gsub(".", "_", method, fixed = TRUE)))
  }
  factors <- sapply(fits, function(f) fitMeasures(f, c("chisq", "df", if (estimator != "ML") "chisq.scaling.factor")))
  save(cbind(measure = rownames(factors), as.data.frame(factors)), paste0("nested_", name, "_tests"))
}
nested("ML", hs, "ml")
nested("MLR", hs, "mlr")
nested("MLM", hs, "mlm")

small <- chisqSmallN(cfa(models$three, hs[1:60, ]), smallN.method = "all")
rows <- do.call(rbind, lapply(names(small)[-1], function(m) data.frame(
  method = m, chi_square = small[[1]][["chisq"]], df = small[[1]][["df"]],
  corrected = small[[m]][["chisq"]], p = small[[m]][["pvalue"]], factor = small[[m]][["smallN.factor"]]
)))
save(rows, "small_sample")
