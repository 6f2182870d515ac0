# Fits the own cases of cases.toml with lavaan and writes what our tests compare. Run in this folder after
# prepare.py: Rscript generate.R [FOLDER ...]. R 4.2.2, lavaan 0.6-14; python3 (3.11 or later) reads the TOML.
suppressMessages({library(lavaan); library(jsonlite)})
options(warn = 1)

read_cases <- function() {
  code <- "import json, sys, tomllib; json.dump(tomllib.load(open('cases.toml', 'rb')), sys.stdout)"
  fromJSON(paste(system2("python3", c("-c", shQuote(code)), stdout = TRUE), collapse = "\n"), simplifyDataFrame = FALSE)
}

# 16 significant digits; nothing where there is no number
out <- function(x, file) {
  x <- as.data.frame(unclass(x), stringsAsFactors = FALSE)
  number <- vapply(x, is.double, TRUE)
  x[number] <- lapply(x[number], function(v) ifelse(is.na(v), "", sprintf("%.16g", v)))
  write.csv(x, file, row.names = FALSE, na = "", quote = which(!number))
}

# our arguments of fit_sem in lavaan's words
lavaan_arguments <- function(case) {
  word <- c(estimator = "estimator", missing = "missing", ordered = "ordered", group = "group", equal = "group.equal",
            free = "group.partial", cluster = "cluster", weights = "sampling.weights", std_lv = "std.lv",
            meanstructure = "meanstructure", parameterization = "parameterization", information = "information")
  a <- case$arguments
  stopifnot(names(a) %in% names(word))
  setNames(a, word[names(a)])
}

data_arguments <- function(case) {
  frame <- read.csv(paste0(case$data, ".csv"))
  if (basename(case$data) != "moments") return(list(data = frame))
  by <- split(frame, factor(frame$group, unique(frame$group)))
  names_ <- by[[1]]$variable
  list(sample.cov = lapply(by, function(b) { S <- as.matrix(b[names_]); dimnames(S) <- list(names_, names_); S }),
       sample.mean = lapply(by, function(b) setNames(b$mean, names_)),
       sample.nobs = lapply(by, function(b) b$n[1]), group.label = names(by))
}

# Newton on lavaan's own gradient, in the coordinates that satisfy the linear constraints: nlminb stops where F no
# longer falls, which leaves estimates at about 1e-6
exact_optimum <- function(fit) {
  model <- fit@Model
  x <- lavaan:::lav_model_get_parameters(model)
  K <- if (model@eq.constraints) model@eq.constraints.K else diag(length(x))
  k0 <- if (model@eq.constraints) model@eq.constraints.k0 else numeric(length(x))
  gradient <- function(z) {
    at <- lavaan:::lav_model_set_parameters(model, as.numeric(K %*% z + k0))
    as.numeric(crossprod(K, as.numeric(lavaan:::lav_model_gradient(
      at, lavsamplestats = fit@SampleStats, lavdata = fit@Data, lavcache = fit@Cache, type = "free",
      group.weight = !fit@SampleStats@missing.flag))))  # FIML's gradient is weighted by group already
  }
  hessian <- function(z) {
    H <- vapply(seq_along(z), function(j) {
      h <- replace(numeric(length(z)), j, 1e-5 * max(1, abs(z[j])))
      (gradient(z + h) - gradient(z - h)) / (2 * h[j])
    }, z)
    (H + t(H)) / 2
  }
  z <- as.numeric(crossprod(K, x - k0))
  before <- max(abs(gradient(z)))
  for (round in 1:6) {
    if (round <= 2) H <- hessian(z)
    z <- z - solve(H, gradient(z))
    if (max(abs(gradient(z))) < 1e-14) break
  }
  stopifnot(eigen(hessian(z), TRUE, TRUE)$values > 0, max(abs(gradient(z))) < 1e-10)
  new <- as.numeric(K %*% z + k0)
  list(x = new, before = before, after = max(abs(gradient(z))), moved = max(abs(new - x)))
}

fitted_by_lavaan <- function(text, case) {
  arguments <- c(list(model = text), data_arguments(case), lavaan_arguments(case))
  if (identical(case$arguments$missing, "fiml"))
    arguments <- c(arguments, list(em.h1.tol = 1e-11, em.h1.iter.max = 10000L))
  first <- do.call("sem", arguments)
  stopifnot(lavInspect(first, "converged"))
  best <- exact_optimum(first)
  start <- first
  free <- start@ParTable$free
  start@ParTable$est[free > 0] <- best$x[free[free > 0]]
  fit <- do.call("sem", c(arguments, list(start = start, optim.method = "none", fixed.x = TRUE)))
  stopifnot(length(coef(fit)) == length(best$x), max(abs(coef(fit) - best$x)) < 1e-12)
  # what nlminb minimised is what Newton minimised
  stopifnot(best$before < 1e-4, best$moved < 1e-3, fitMeasures(fit, "fmin") <= fitMeasures(first, "fmin") + 1e-14)
  # standard errors and the baseline must not depend on how the optimiser was called
  stopifnot(max(abs(parTable(fit)$se - parTable(first)$se) / pmax(1, parTable(first)$se)) < 1e-3,
            abs(fitMeasures(fit, "baseline.chisq") / fitMeasures(first, "baseline.chisq") - 1) < 1e-6)
  list(fit = fit, best = best)
}

write_fit <- function(found, at) {
  fit <- found$fit
  keep <- c("lhs", "op", "rhs", "group", "label", "est", "se", "z", "pvalue", "ci.lower", "ci.upper", "std.lv", "std.all")
  p <- parameterEstimates(fit, standardized = TRUE, rsquare = TRUE)
  out(p[intersect(keep, names(p))], at("estimates"))
  s <- standardizedSolution(fit)
  out(s[intersect(c("lhs", "op", "rhs", "group", "est.std", "se", "ci.lower", "ci.upper"), names(s))], at("standardized"))
  m <- fitMeasures(fit)
  # what lavaan has and fitMeasures() leaves out: N of least squares, the shift (over groups) of scaled.shifted
  shift <- lavInspect(fit, "test")[["scaled.shifted"]]$shift.parameter
  own <- c(if (!"ntotal" %in% names(m)) c(ntotal = lavInspect(fit, "ntotal")),
           if (!is.null(shift)) c(chisq.shift.parameter = sum(shift)),
           n.groups = lavInspect(fit, "ngroups"), gradient.nlminb = found$best$before,
           gradient.end = found$best$after, moved = found$best$moved)
  out(data.frame(name = c(names(m), names(own)), value = as.numeric(c(m, own))), at("fit"))
}

long <- function(table, quantity, group) {
  M <- as.matrix(unclass(table))
  if (!nrow(M)) return(NULL)
  at <- which(lower.tri(M, diag = TRUE), arr.ind = TRUE)
  data.frame(group = group, quantity = quantity, row = rownames(M)[at[, 1]], column = colnames(M)[at[, 2]], value = as.numeric(M[at]))
}

write_extra <- list(
  modification = function(fit, at) out(modindices(fit, sort. = FALSE)[c("lhs", "op", "rhs", if (lavInspect(fit, "ngroups") > 1) "group", "mi", "epc", "sepc.all")], at("modification")),
  release = function(fit, at) {
    s <- lavTestScore(fit, epc = TRUE)
    out(s$test, at("release_total"))
    out(s$uni, at("release"))
    e <- s$epc
    out(e[e$free > 0, intersect(c("lhs", "op", "rhs", "group", "label", "est", "epc", "sepc.all"), names(e))], at("release_epc"))
  },
  predict = function(fit, at) {  # of the first hundred rows of the data
    scores <- function(method) {
      p <- lavPredict(fit, method = method)
      if (is.list(p)) do.call(rbind, lapply(names(p), function(g) data.frame(group = g, row = lavInspect(fit, "case.idx")[[g]], unclass(p[[g]]))))
      else data.frame(row = lavInspect(fit, "case.idx"), unclass(p))
    }
    for (method in c("regression", "Bartlett")) {
      # R cannot invert a covariance matrix of residuals with zeros in it
      p <- try(scores(method), silent = TRUE)
      if (!inherits(p, "try-error")) out(p[p$row <= 100, ], at(paste0("scores_", tolower(method))))
    }
  },
  residuals = function(fit, at) {
    all <- lavResiduals(fit, type = "cor.bentler", maximum.number = 0L)
    if (lavInspect(fit, "ngroups") == 1) all <- list(all)
    rows <- do.call(rbind, unlist(lapply(seq_along(all), function(g) {
      r <- all[[g]]
      square <- lapply(intersect(c("cov", "cov.z"), names(r)), function(q) long(r[[q]], q, g))
      line <- lapply(intersect(c("mean", "mean.z", "th", "th.z"), names(r)), function(q)
        data.frame(group = g, quantity = q, row = names(r[[q]]), column = "", value = as.numeric(r[[q]])))
      if (is.null(r$summary)) return(c(square, line))  # with some items ordered
      s <- as.matrix(r$summary)
      summary_ <- list(data.frame(group = g, quantity = "summary", row = rep(rownames(s), ncol(s)), column = rep(colnames(s), each = nrow(s)), value = as.numeric(s)))
      c(square, line, summary_)
    }), recursive = FALSE))
    out(rows, at("residuals"))
  })

cases <- read_cases()
wanted <- commandArgs(TRUE)
fits <- list()
for (name in names(cases$own)) {
  if (length(wanted) && !dirname(name) %in% wanted) next
  case <- cases$own[[name]]
  found <- fitted_by_lavaan(cases$models[[case$model]], case)
  fits[[name]] <- found$fit
  cat(sprintf("%-36s n %4d npar %3d chisq %10.4f gradient %.1e -> %.1e moved %.1e\n", name, lavInspect(found$fit, "ntotal"),
              fitMeasures(found$fit, "npar"), fitMeasures(found$fit, "chisq"), found$best$before, found$best$after, found$best$moved))
  dir.create(name, showWarnings = FALSE, recursive = TRUE)
  at <- function(table) file.path(name, paste0(table, ".csv"))
  write_fit(found, at)
  for (extra in case$extra) write_extra[[extra]](found$fit, at)
}
for (name in names(cases$comparisons)) {
  if (length(wanted) && !dirname(name) %in% wanted) next
  comparison <- cases$comparisons[[name]]
  chosen <- unname(fits[file.path(dirname(name), comparison$fits)])
  table <- do.call(lavTestLRT, c(list(object = chosen[[1]]), chosen[-1], list(method = comparison$method, model.names = comparison$fits)))
  out(data.frame(fit = rownames(table), unclass(table), check.names = FALSE), paste0(name, ".csv"))
}
